"""What this room keeps: subjects, keys, files, who looked, what was agreed to, asked for and erased."""

from privacy.models.access import AccessAlarm, AccessRecord, AlarmCause, Export, LookUp
from privacy.models.consents import ConsentChoice, ConsentEvent, ConsentPurpose
from privacy.models.copies import CopyState, PersonalCopy
from privacy.models.erasures import Certificate, RetentionRun
from privacy.models.files import FileState, StoredFile
from privacy.models.requests import Request, RequestMove
from privacy.models.restoring import Restoration, Tombstone
from privacy.models.rotations import KeyRotation, RetiredMaster
from privacy.models.subjects import KeyNotice, KeyUse, Subject, SubjectKey

__all__ = [
    "AccessAlarm",
    "AccessRecord",
    "AlarmCause",
    "Certificate",
    "ConsentChoice",
    "ConsentEvent",
    "ConsentPurpose",
    "CopyState",
    "Export",
    "FileState",
    "KeyNotice",
    "KeyRotation",
    "KeyUse",
    "LookUp",
    "PersonalCopy",
    "Request",
    "RequestMove",
    "Restoration",
    "RetentionRun",
    "RetiredMaster",
    "StoredFile",
    "Subject",
    "SubjectKey",
    "Tombstone",
]

"""What this room keeps: subjects, keys, files, who looked, what was agreed to, asked for and erased."""

from privacy.models.access import AccessRecord
from privacy.models.consents import ConsentChoice, ConsentEvent, ConsentPurpose
from privacy.models.copies import CopyState, PersonalCopy
from privacy.models.erasures import Certificate, RetentionRun
from privacy.models.files import FileState, StoredFile
from privacy.models.requests import Request, RequestMove
from privacy.models.restoring import Restoration, Tombstone
from privacy.models.subjects import KeyNotice, KeyUse, Subject, SubjectKey

__all__ = [
    "AccessRecord",
    "Certificate",
    "ConsentChoice",
    "ConsentEvent",
    "ConsentPurpose",
    "CopyState",
    "FileState",
    "KeyNotice",
    "KeyUse",
    "PersonalCopy",
    "Request",
    "RequestMove",
    "Restoration",
    "RetentionRun",
    "StoredFile",
    "Subject",
    "SubjectKey",
    "Tombstone",
]

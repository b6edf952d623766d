"""What this room keeps: subjects, keys, files, who looked, what was agreed to, asked for and erased."""

from privacy.models.access import AccessAlarm, AccessRecord, AlarmCause, Export, LookUp
from privacy.models.assessments import AssessedKind, Assessment, AssessmentResult
from privacy.models.breaches import Breach, BreachClock, BreachMove, BreachPerson
from privacy.models.consents import ConsentChoice, ConsentEvent, ConsentPurpose
from privacy.models.copies import CopyState, PersonalCopy
from privacy.models.erasures import Certificate, RetentionRun
from privacy.models.files import FileState, StoredFile
from privacy.models.kept import KeptOpening, KeptPurpose
from privacy.models.minors import AgeBand, GuardianLink, MinorProfile, SpendingRequest
from privacy.models.requests import Request, RequestMove
from privacy.models.restoring import Restoration, Tombstone
from privacy.models.rotations import KeyRotation, RetiredMaster
from privacy.models.subjects import KeyNotice, KeyUse, Subject, SubjectKey
from privacy.models.transfers import ExportAlert, ExportBasis, ExportFiling, ExportRoute, Transfer

__all__ = [
    "AccessAlarm",
    "AccessRecord",
    "AgeBand",
    "AlarmCause",
    "AssessedKind",
    "Assessment",
    "AssessmentResult",
    "Breach",
    "BreachClock",
    "BreachMove",
    "BreachPerson",
    "Certificate",
    "ConsentChoice",
    "ConsentEvent",
    "ConsentPurpose",
    "CopyState",
    "Export",
    "ExportAlert",
    "ExportBasis",
    "ExportFiling",
    "ExportRoute",
    "FileState",
    "GuardianLink",
    "KeptOpening",
    "KeptPurpose",
    "KeyNotice",
    "KeyRotation",
    "KeyUse",
    "LookUp",
    "MinorProfile",
    "PersonalCopy",
    "Request",
    "RequestMove",
    "Restoration",
    "RetentionRun",
    "RetiredMaster",
    "SpendingRequest",
    "StoredFile",
    "Subject",
    "SubjectKey",
    "Tombstone",
    "Transfer",
]

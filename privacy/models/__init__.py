"""What this room keeps: subjects, keys, files, who looked, what was agreed to, who was erased."""

from privacy.models.access import AccessRecord
from privacy.models.consents import ConsentChoice, ConsentEvent, ConsentPurpose
from privacy.models.files import FileState, StoredFile
from privacy.models.restoring import Restoration, Tombstone
from privacy.models.subjects import Subject, SubjectKey

__all__ = [
    "AccessRecord",
    "ConsentChoice",
    "ConsentEvent",
    "ConsentPurpose",
    "FileState",
    "Restoration",
    "StoredFile",
    "Subject",
    "SubjectKey",
    "Tombstone",
]

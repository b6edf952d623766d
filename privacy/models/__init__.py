"""What this room keeps: subjects and their keys, their files, who looked, who was erased."""

from privacy.models.access import AccessRecord
from privacy.models.files import FileState, StoredFile
from privacy.models.restoring import Restoration, Tombstone
from privacy.models.subjects import Subject, SubjectKey

__all__ = ["AccessRecord", "FileState", "Restoration", "StoredFile", "Subject", "SubjectKey", "Tombstone"]

"""What this room keeps: subjects and their keys, their files, who looked."""

from privacy.models.access import AccessRecord
from privacy.models.files import FileState, StoredFile
from privacy.models.subjects import Subject, SubjectKey

__all__ = ["AccessRecord", "FileState", "StoredFile", "Subject", "SubjectKey"]

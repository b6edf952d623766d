"""What stops a backup or a restore; the text is read at the terminal."""

from __future__ import annotations


class Refused(Exception):
    """It can't be done; the text says why and what to do. Nothing was changed."""


class Damaged(Refused):
    """A file of the backup is not what its manifest says."""

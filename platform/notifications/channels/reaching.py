"""Whom a copy goes to, read at the last moment."""

from __future__ import annotations

from notifications import addressees
from notifications.models import Letter
from privacy.keys import KeyDestroyed


class NoAddress(Exception):
    """The subject has no such address or number, or it has been erased."""


def contact_of(letter: Letter, field: str) -> tuple[str, str]:
    """The addressee's "email" or "phone", and their language. :raises NoAddress:"""
    addressee = addressees.of(letter.subject_id)
    if addressee is None or not getattr(addressee, f"{field}_index"):
        raise NoAddress
    try:
        return str(getattr(addressee, field)), addressee.locale
    except KeyDestroyed:
        raise NoAddress from None

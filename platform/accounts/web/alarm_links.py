"""The link "that was not me" in letters: signed, good for some days, opens only the door to freezing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse

from rulebook import policies

_signer = signing.Signer(salt="accounts.not_me")
_undo_signer = signing.Signer(salt="accounts.undo")


def path_for(subject_id: UUID, *, at: datetime) -> str:
    """The page's path with its token."""
    return reverse("accounts:not_me", args=[_signer.sign_object([str(subject_id), int(at.timestamp())])])


def subject_of(token: str, *, at: datetime) -> UUID | None:
    """Whose account it is about; None for a forged or stale token."""
    try:
        subject, written = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    days = policies.value("accounts.safety", at)["alarm_link_days"]
    age = at.timestamp() - written
    return UUID(subject) if 0 <= age < timedelta(days=days).total_seconds() else None


def undo_path(change_id: UUID) -> str:
    """The page on which the holder of an old contact takes its change back."""
    return reverse("accounts:undo", args=[_undo_signer.sign(str(change_id))])


def change_of(token: str) -> UUID | None:
    """Which change it is about; None for a forged token. Its time is the use case's matter."""
    try:
        return UUID(_undo_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None

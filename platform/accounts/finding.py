"""Finding accounts: by key, by pseudonym."""

from __future__ import annotations

from uuid import UUID

from accounts.models import User
from privacy.models import Subject


def account_locked(user_id: UUID) -> User:
    """The row, locked until the transaction ends."""
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user_id)


def subject_locked(subject_id: UUID) -> Subject:
    """The person's row, locked until the transaction ends."""
    return Subject.objects.select_for_update(no_key=True).get(pk=subject_id)


def account_of_pseudonym(pseudonym: str) -> User | None:
    return User.objects.filter(pseudonym=pseudonym.lower()).first()


def is_account(subject_id: UUID) -> bool:
    """Whether the subject has an account; guests have none."""
    return User.objects.filter(subject_id=subject_id).exists()


def subject_lives(subject_id: UUID) -> bool:
    """Whether the subject exists and has not been erased."""
    return Subject.objects.filter(pk=subject_id, erased_at__isnull=True).exists()

"""Finding accounts: by key, by pseudonym."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress

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


def even_out(pseudonym: str) -> None:
    """One statement more for a known contact: allauth asks once more for an unknown one (seen in 65.21)."""
    if EmailAddress.objects.filter(email=pseudonym.lower(), verified=True).exists():
        account_of_pseudonym(pseudonym)


def is_account(subject_id: UUID) -> bool:
    """Whether the subject has an account; guests have none."""
    return User.objects.filter(subject_id=subject_id).exists()


def subject_lives(subject_id: UUID) -> bool:
    """Whether the subject exists and has not been erased."""
    return Subject.objects.filter(pk=subject_id, erased_at__isnull=True).exists()


def account_of_subject(subject_id: UUID, *, lock: bool = False) -> User | None:
    """The account of a subject; locked until the transaction ends if asked for."""
    found = User.objects.filter(subject_id=subject_id)
    return (found.select_for_update(of=("self",), no_key=True) if lock else found).first()


def account_of_contact(pseudonym: str) -> User | None:
    """The account that has proved the contact, or signs in by it."""
    proved = EmailAddress.objects.filter(email=pseudonym.lower(), verified=True).first()
    return User.objects.get(pk=proved.user_id) if proved else account_of_pseudonym(pseudonym)

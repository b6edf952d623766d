"""Changing how an account is reached: the new contact is proved, the old one is told and can undo."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts import changing, contact_cells, undoing
from accounts.deadlines import undo_days
from accounts.finding import account_locked
from accounts.models import AccountChange, Changed, FormerContact, User
from accounts.pseudonyms import stands_for
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from notifications import addressees


class ContactTaken(DomainError):
    """Told only to who has proved that they get messages there."""

    code = "contact_taken"
    message = N_("Another account uses this contact. Sign in to that one, or take it out there first.")
    status = 409


class UndoOver(DomainError):
    code = "undo_over"
    message = N_("The time for taking this change back is over, or it was taken back already.")
    status = 410


@transaction.atomic
def change_email(*, user_id: UUID, address: str, at: datetime) -> AccountChange:
    """:raises ContactTaken: the address is proved by another account"""
    user = _free(user_id, address)
    old = addressees.of(user.subject_id)
    before, index = (old.email if old else ""), user.pseudonym
    contact_cells.put_email(user, address, at=at)
    return _note(user, Changed.EMAIL, before=before, index=index, at=at)


@transaction.atomic
def change_phone(*, user_id: UUID, number: str, at: datetime) -> AccountChange:
    """A first, another or (with "") no phone number. :raises ContactTaken: another account proved it"""
    user = _free(user_id, number) if number else account_locked(user_id)
    old = addressees.of(user.subject_id)
    before = old.phone if old else ""
    contact_cells.put_phone(user, number, at=at)
    return _note(user, Changed.PHONE, before=before, index=stands_for(before) if before else "", at=at)


@transaction.atomic
def undo(*, change_id: UUID, at: datetime) -> AccountChange:
    """The holder of the old contact takes a change back, and all that came after it.

    :raises NotFound: no such change
    :raises UndoOver: too late, or taken back already
    """
    change = AccountChange.objects.filter(pk=change_id, kind__in=(Changed.EMAIL, Changed.PHONE)).first()
    if change is None:
        raise NotFound
    taken_back = AccountChange.objects.filter(kind=Changed.UNDONE, reference=str(change.pk)).exists()
    if taken_back or at - change.at > undo_days(at):
        raise UndoOver
    undoing.undo_since(subject_id=change.subject_id, since=change.at, actor=Actor.anonymous(), at=at)
    return change


def _free(user_id: UUID, contact: str) -> User:
    user = account_locked(user_id)
    proved = EmailAddress.objects.filter(email=stands_for(contact), verified=True)
    if proved.exclude(user_id=user_id).exists():
        raise ContactTaken
    return user


def _note(user: User, kind: Changed, *, before: str, index: str, at: datetime) -> AccountChange:
    actor = Actor.buyer(user.subject_id)
    change = changing.note(subject_id=user.subject_id, kind=kind, actor=actor, at=at, before=before)
    if before:
        FormerContact.objects.create(
            subject_id=user.subject_id, change=change, pseudonym=index, replaced_at=at
        )
    return change

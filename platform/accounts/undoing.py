"""Taking back what somebody else changed: contacts, factors, and what other rooms made meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import changing, contact_cells, sessions
from accounts.finding import account_of_subject
from accounts.models import AccountChange, Changed, User
from kernel.actor import Actor
from kernel.errors import NotFound
from privacy import requests

# Of other rooms: (subject_id, since, at) -> None. Mandates, tokens, requests; wired in config.
Reversal = Callable[..., None]
_reversals: tuple[Reversal, ...] = ()
UNDOABLE = (Changed.EMAIL, Changed.PHONE, Changed.FACTOR_ADDED, Changed.FACTOR_REMOVED)


def connect(reversals: Iterable[Reversal]) -> None:
    """Hand in what other rooms take back: called with subject_id=, since=, at=."""
    global _reversals
    _reversals = tuple(reversals)


@transaction.atomic
def undo_since(*, subject_id: UUID, since: datetime, actor: Actor, at: datetime) -> int:
    """Take every step since then back, the newest first, void the password and end all sessions.

    :raises NotFound: the subject has no account
    """
    user = account_of_subject(subject_id, lock=True)
    if user is None:
        raise NotFound
    steps = [step for step in changing.since(subject_id, since) if step.kind in UNDOABLE]
    gone = set(_undone(subject_id))
    done = 0
    for step in steps:
        if str(step.pk) in gone:
            continue
        _undo(user, step, at=at)
        changing.note(subject_id=subject_id, kind=Changed.UNDONE, actor=actor, at=at, reference=str(step.pk))
        done += 1
    user.set_unusable_password()
    user.save(update_fields=["password", "pseudonym"])
    sessions.end_all(user_id=user.pk)
    for asked in requests.of_subject(subject_id):
        if asked.is_running and asked.received_at >= since:
            requests.withdraw(request_id=asked.pk, actor=Actor.system(), at=at)
    for reverse in _reversals:
        reverse(subject_id=subject_id, since=since, at=at)
    return done


def _undone(subject_id: UUID) -> list[str]:
    found = AccountChange.objects.filter(subject_id=subject_id, kind=Changed.UNDONE)
    return list(found.values_list("reference", flat=True))


def _undo(user: User, step: AccountChange, *, at: datetime) -> None:
    if step.kind == Changed.EMAIL:
        contact_cells.put_email(user, str(step.before), at=at)
    elif step.kind == Changed.PHONE:
        contact_cells.put_phone(user, str(step.before or ""), at=at)
    elif step.kind == Changed.FACTOR_ADDED and step.reference == changing.WEIXIN:
        contact_cells.drop_weixin(user)
    elif step.kind == Changed.FACTOR_ADDED:
        Authenticator.objects.filter(user_id=user.pk, pk=int(step.reference or 0)).delete()
    elif step.kind == Changed.FACTOR_REMOVED:
        kept = json.loads(str(step.before))
        if not Authenticator.objects.filter(user_id=user.pk, data=kept["data"]).exists():
            Authenticator.objects.create(user_id=user.pk, **kept)

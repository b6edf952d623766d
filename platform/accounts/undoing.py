"""Taking back what somebody else changed: contacts, factors, and what other rooms made meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import changing, contact_cells, deadlines, post, sessions
from accounts.finding import account_of_subject
from accounts.models import AccountChange, Changed, User
from accounts.pseudonyms import stands_for
from kernel.actor import Actor
from kernel.errors import NotFound
from notifications import addressees
from privacy import requests

# Of other rooms: (subject_id, since, at) -> None. Mandates, tokens, requests; wired in config.
Reversal = Callable[..., object]
_reversals: tuple[Reversal, ...] = ()
RECOVERY_PATH = "/account/recovery/"
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
    sessions.forget_since(user_id=user.pk, since=since)
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
    if step.kind in (Changed.EMAIL, Changed.PHONE) and _came_back(step, at=at):
        return
    if step.kind in (Changed.EMAIL, Changed.PHONE):
        _tell_displaced(user, step, at=at)
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


def _tell_displaced(user: User, step: AccountChange, *, at: datetime) -> None:
    """The contact that goes now hears of it, once that is certain: it may be the owner's after all."""
    held = addressees.of(user.subject_id)
    now = "" if held is None else held.email if step.kind == Changed.EMAIL else held.phone
    if held is not None and now and _mark(now) != _mark(str(step.before or "")):
        contact = post.Contact(str(now), held.locale, step.kind == Changed.PHONE)
        transaction.on_commit(partial(_write, contact, at))


def _write(contact: post.Contact, at: datetime) -> None:
    """The account is back with its owner, whether or not this leaves."""
    with suppress(post.MailDidNotLeave, post.TooManyTexts):
        post.write("account/email/contact_displaced", contact=contact, context={"path": RECOVERY_PATH}, at=at)


def _came_back(step: AccountChange, *, at: datetime) -> bool:
    """Whether the contact in place now is an older one that the step only restored.

    A thief puts an own contact in, and the owner's back: undoing that second step would let the thief in.
    """
    before = AccountChange.objects.filter(subject_id=step.subject_id, kind=step.kind, at__lte=step.at)
    before = before.filter(at__gte=step.at - deadlines.undo_days(at)).exclude(pk=step.pk)
    held = addressees.of(step.subject_id)
    now = "" if held is None else held.email if step.kind == Changed.EMAIL else held.phone
    older = [each for each in before if (each.at, each.pk) < (step.at, step.pk)]
    return any(_mark(str(each.before or "")) == _mark(now) for each in older)


def _mark(contact: str) -> str:
    return stands_for(contact) if contact else ""

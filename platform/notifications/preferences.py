"""Which letters a reader wants by e-mail; duty letters come in any case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from notifications.kinds import kind_named, optional
from notifications.models import Mute


class DutyLetter(DomainError):
    code = "duty_letter"
    message = N_("This letter can't be switched off: law or contract asks for it.")


@transaction.atomic
def mute(*, kind: str, actor: Actor, at: datetime) -> None:
    """Keep one kind in the inbox only. :raises DutyLetter: :raises NotFound: nobody is signed in"""
    if kind_named(kind).duty:
        raise DutyLetter
    Mute.objects.get_or_create(subject_id=_reader(actor), kind=kind, defaults={"since": at})


@transaction.atomic
def unmute(*, kind: str, actor: Actor) -> None:
    """Send one kind by e-mail again. :raises NotFound: nobody is signed in"""
    Mute.objects.filter(subject_id=_reader(actor), kind=kind).delete()


@transaction.atomic
def choose(*, by_mail: set[str], actor: Actor, at: datetime) -> None:
    """Take over a whole choice: every optional kind outside `by_mail` stays in the inbox."""
    for kind in optional():
        if kind.name in by_mail:
            unmute(kind=kind.name, actor=actor)
        else:
            mute(kind=kind.name, actor=actor, at=at)


def muted(subject_id: UUID) -> set[str]:
    return set(Mute.objects.filter(subject_id=subject_id).values_list("kind", flat=True))


def muted_by(actor: Actor) -> set[str]:
    """The kinds that one doesn't want by e-mail. :raises NotFound: nobody is signed in"""
    return muted(_reader(actor))


def is_muted(*, subject_id: UUID, kind: str) -> bool:
    """A duty letter never is, whatever stands in the table."""
    return not kind_named(kind).duty and kind in muted(subject_id)


def _reader(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotFound
    return actor.subject_id

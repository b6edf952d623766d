"""Moving a running deadline: extended once with a reason, or recounted when a calendar becomes known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from deadlines import letters_before
from deadlines.events import DeadlineMoved
from deadlines.models import Cause, Deadline, DeadlineChange, Owner, State
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from outbox import bus

# Lengths that the platform sets itself; whatever else stands on a row is law.
OURS = ("policy.", "promise.")


class NotRunning(DomainError):
    code = "deadline_not_running"
    message = N_("This deadline is over or was never booked, so it can't be moved.")


class ExtendedAlready(DomainError):
    code = "deadline_extended_already"
    message = N_("This deadline was extended before. Once is the most.")


class ReasonMissing(DomainError):
    code = "deadline_reason_missing"
    message = N_("Say why the deadline is extended: both sides can read it.")
    status = 422


class NotLater(DomainError):
    code = "deadline_not_later"
    message = N_("An extension must end after %(due)s.")
    status = 422


class LawNotOurs(DomainError):
    """Time that the law gives somebody against the buyer isn't the platform's to lengthen."""

    code = "deadline_set_by_law"
    message = N_("The law sets this time in the buyer's favour, so it can't be extended.")


class OwnDeadline(DomainError):
    code = "deadline_of_a_party"
    message = N_("You have a part in this yourself. Leave it to a colleague.")
    status = 403


# Of the rooms above: whether a member of staff has a part in what a deadline is about; wired in config.
HasAPart = Callable[[Deadline, UUID], bool]
_has_a_part: tuple[HasAPart, ...] = ()


def connect(has_a_part: Iterable[HasAPart]) -> None:
    """Hand in who knows the parties of each kind of deadline."""
    global _has_a_part
    _has_a_part = tuple(has_a_part)


@transaction.atomic
def extend(
    *,
    kind: str,
    reference: UUID,
    due_at: datetime,
    reason: str,
    actor: Actor,
    at: datetime,
    law_allows: bool = False,
) -> Deadline:
    """Give more time, once, for a reason that stays on record; `law_allows`: the rule itself gives it.

    :raises NotRunning: OwnDeadline, ExtendedAlready, ReasonMissing, NotLater, LawNotOurs; nothing has changed
    """
    if due_at.tzinfo is None:
        raise ValueError("a deadline needs a zone")
    row = locked(kind=kind, reference=reference)
    if row is None or (row.state == State.OPEN and row.due_at <= at):
        raise NotRunning(kind=kind)
    if actor.is_staff and any(each(row, actor.subject_id) for each in _has_a_part if actor.subject_id):
        raise OwnDeadline()
    if row.extended_at is not None:
        raise ExtendedAlready(kind=kind)
    if not reason.strip():
        raise ReasonMissing(kind=kind)
    if due_at <= row.due_at:
        raise NotLater(due=row.due_at)
    if row.owner != Owner.BUYER and not law_allows and not row.rule_id.startswith(OURS):
        raise LawNotOurs(rule=row.rule_id)
    row.extended_at = at
    return move(row, due_at, cause=Cause.EXTENDED, reason=reason.strip(), actor=actor, at=at)


@transaction.atomic
def recount(
    *, deadline_id: UUID, due_at: datetime, provisional: bool, calendar_version: str, at: datetime
) -> Deadline | None:
    """Put what a newly known calendar says on the row, and move it unless that harmed the buyer.

    A buyer's own time only ever gets longer, anybody else's only shorter and never past. None if it is over.
    """
    row = Deadline.objects.locked(deadline_id)
    if row is None:
        return None
    row.calendar_version, row.provisional = calendar_version, provisional
    kinder = due_at > row.due_at if row.owner == Owner.BUYER else at < due_at < row.due_at
    if not kinder:
        row.version += 1
        row.save(update_fields=["calendar_version", "provisional", "version"])
        return row
    return move(row, due_at, cause=Cause.RECOUNTED, reason=calendar_version, actor=Actor.system(), at=at)


def shifted(row: Deadline) -> timedelta:
    """By how much pauses and an extension have moved the row from what its inputs give."""
    by_hand = row.changes.exclude(cause=Cause.RECOUNTED)
    return sum((each.due_to - each.due_from for each in by_hand), timedelta(0))


def locked(*, kind: str, reference: UUID) -> Deadline | None:
    """The running deadline of this kind, locked."""
    return Deadline.objects.running().filter(kind=kind, reference=reference).for_change().first()


def move(
    row: Deadline, due_at: datetime, *, cause: Cause, reason: str, actor: Actor, at: datetime
) -> Deadline:
    """Write the new instant of a locked row with its trail, and tell those who copied it."""
    held = (row.next_letter_at, row.last_letter_at)
    due_from, row.due_at = row.due_at, due_at
    row.next_letter_at, row.last_letter_at = letters_before.moved(row.kind, held, due_at=due_at, at=at)
    row.version += 1
    row.save()
    DeadlineChange.objects.create(
        deadline=row, cause=cause, due_from=due_from, due_to=due_at, reason=reason, actor=str(actor), at=at
    )
    bus.publish(DeadlineMoved(row.pk, row.kind, row.reference, due_from, due_at), at=at)
    return row

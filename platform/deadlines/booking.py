"""Booking, meeting, pausing and cancelling deadlines, in the transaction of the fact that does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from deadlines import letters_before, moving
from deadlines.models import Cause, Deadline, State
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from web.kept_inserts import insert

RUNNING = (State.OPEN, State.PAUSED)


class TooLate(DomainError):
    code = "too_late"
    message = N_("The time for this step is over; it ended at %(due)s.")


class AlreadyBooked(DomainError):
    code = "deadline_already_booked"
    message = N_("This deadline is already running.")


def book(
    *,
    kind: str,
    reference: UUID,
    due_at: datetime,
    rule_id: str,
    pack_version: str,
    owner: str,
    at: datetime,
    calendar_version: str = "",
    provisional: bool = False,
    inputs: Mapping[str, Any] | None = None,
    first: bool = False,
) -> Deadline:
    """Start a clock that runs to `due_at` (aware, first instant too late); the same again changes nothing.

    `first`: `reference` was made in this transaction, so that nothing can run for it yet.

    :raises AlreadyBooked: when one of this kind runs for `reference` with another instant
    """
    return book_all(
        kind=kind,
        references=[reference],
        due_at=due_at,
        at=at,
        rule_id=rule_id,
        pack_version=pack_version,
        owner=owner,
        calendar_version=calendar_version,
        provisional=provisional,
        inputs=inputs,
        first=first,
    )[0]


def book_all(
    *,
    kind: str,
    references: Sequence[UUID],
    due_at: datetime,
    at: datetime,
    inputs: Mapping[str, Any] | None = None,
    first: bool = False,
    **terms: Any,
) -> list[Deadline]:
    """Like `book` for several references whose clocks run to the same instant: two statements, `first` one.

    :raises AlreadyBooked: when one of this kind runs for any of them with another instant
    """
    if due_at.tzinfo is None:
        raise ValueError("a deadline needs a zone")
    rows = Deadline.objects.filter(kind=kind, reference__in=references, state__in=RUNNING)
    running = {} if first else {row.reference: row for row in rows}
    if any(row.due_at != due_at for row in running.values()):
        raise AlreadyBooked(kind=kind)
    next_letter, last_letter = letters_before.instants(kind, due_at=due_at, at=at)
    made = [
        Deadline(
            next_letter_at=next_letter,
            last_letter_at=last_letter,
            kind=kind,
            reference=each,
            due_at=due_at,
            inputs=dict(inputs or {}),
            booked_at=at,
            **terms,
        )
        for each in references
        if each not in running
    ]
    there = running | {row.reference: row for row in insert(made)}
    return [there[each] for each in references]


def find(*, kind: str, reference: UUID) -> Deadline | None:
    """The running deadline of this kind, if there is one."""
    return Deadline.objects.filter(kind=kind, reference=reference, state__in=RUNNING).first()


def open_for(references: Iterable[UUID]) -> list[Deadline]:
    """All running deadlines of these references, the next one first."""
    return list(
        Deadline.objects.filter(reference__in=list(references), state__in=RUNNING).order_by("due_at", "id")
    )


def of(reference: UUID) -> list[Deadline]:
    """Every deadline there ever was for `reference`, oldest first."""
    return list(Deadline.objects.filter(reference=reference).order_by("booked_at", "id"))


def require_in_time(*, kind: str, reference: UUID, at: datetime) -> Deadline | None:
    """The running deadline, or None if none runs.

    :raises TooLate: at or after its instant, also before a sweep and while a fired outcome still waits
    """
    last = Deadline.objects.filter(kind=kind, reference=reference).order_by("-booked_at", "-id").first()
    if last is None or last.state not in (*RUNNING, State.FIRED):
        return None
    if last.state == State.FIRED or (last.state == State.OPEN and at >= last.due_at):
        raise TooLate(due=last.due_at)
    return last


def meet(*, kind: str, reference: UUID, at: datetime) -> bool:
    """Who had to act has acted; False if nothing was running any more."""
    return _end(kind, reference, State.MET, at)


def cancel(*, kind: str, reference: UUID, at: datetime) -> bool:
    """The reason for the deadline is gone; False if nothing was running any more."""
    return _end(kind, reference, State.CANCELLED, at)


def cancel_all(*, reference: UUID, at: datetime) -> int:
    """End every clock of `reference`, because the aggregate has reached its end."""
    return Deadline.objects.filter(reference=reference, state__in=RUNNING).update(
        state=State.CANCELLED, ended_at=at, version=_next_version()
    )


@transaction.atomic
def pause(*, kind: str, reference: UUID, at: datetime) -> bool:
    """Stop the clock; what was left of it starts again with `resume`."""
    changed = Deadline.objects.filter(kind=kind, reference=reference, state=State.OPEN, due_at__gt=at).update(
        state=State.PAUSED, paused_at=at, version=_next_version()
    )
    return bool(changed)


@transaction.atomic
def resume(*, kind: str, reference: UUID, at: datetime, actor: Actor | None = None) -> bool:
    """Let a paused clock run on, its instant later by the length of the pause."""
    paused = moving.locked(kind=kind, reference=reference)
    if paused is None or paused.state != State.PAUSED or paused.paused_at is None:
        return False
    due_at = paused.due_at + (at - paused.paused_at)
    paused.state, paused.paused_at = State.OPEN, None
    moving.move(paused, due_at, cause=Cause.RESUMED, reason="", actor=actor or Actor.system(), at=at)
    return True


def _end(kind: str, reference: UUID, state: State, at: datetime) -> bool:
    changed = Deadline.objects.filter(kind=kind, reference=reference, state__in=RUNNING).update(
        state=state, ended_at=at, paused_at=None, version=_next_version()
    )
    return bool(changed)


def _next_version() -> Any:
    return F("version") + 1

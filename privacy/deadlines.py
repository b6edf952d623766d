"""The clocks of a request: the answer under the law of the person's place, and the time to think."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from deadlines import booking, moving
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from law import privacy as law_privacy
from law.errors import RoleUnfilled
from law.windows import Window
from privacy.states import RequestKind
from rulebook import current, promises

if TYPE_CHECKING:
    from privacy.models import Request

ANSWER = "privacy.request"
COOLING_OFF = "privacy.cooling_off"
PROOF_DECISION = "privacy.guardian_proof"
OURS = "silence.data_request"
TO_THINK = "silence.erasure_cooling_off"
# Closing is at once; this is only the time that the last letter needs to leave the house.
CLOSING = "erasure.closing_wait"
AGAIN = "erasure.retry"


class NoMoreTime(DomainError):
    code = "privacy_no_more_time"
    message = N_(
        "The rule that this request runs under gives no more time. Answer it, or refuse with reasons."
    )


def answer_window(*, place: str, at: datetime) -> Window:
    """Until when a request received at `at` is answered; our own promise where the law gives no number."""
    try:
        pack, calendar = current.pack(place, at), current.calendar(place)
        return law_privacy.answer_window(pack=pack, calendar=calendar, received_at=at)
    except (RoleUnfilled, current.PlaceUnknown, current.PackNotInForce):
        return promises.due(OURS, start=at, at=at, place=_with_a_calendar(place, at))


def _with_a_calendar(place: str, at: datetime) -> str:
    """The place whose working days count: the person's own where we know its law, else the home market's."""
    try:
        return current.calendar(place).place if current.pack(place, at) else current.HOME
    except (current.PlaceUnknown, current.PackNotInForce):
        return current.HOME


def start_answer(request: Request, *, at: datetime) -> Deadline:
    window = answer_window(place=request.place, at=at)
    return booking.book(kind=ANSWER, reference=request.pk, at=at, **window.as_booking())


def extend_answer(request: Request, *, reasons: str, actor: Actor, at: datetime) -> Deadline:
    """The further time that the law of the place gives for reasons.

    :raises NoMoreTime: or a refusal of `moving.extend` (over, or extended before)
    """
    longest = _longest(request)
    if longest is None:
        raise NoMoreTime()
    return moving.extend(
        kind=ANSWER,
        reference=request.pk,
        due_at=longest.due_at,
        reason=reasons,
        actor=actor,
        at=at,
        law_allows=True,
    )


def may_extend(request: Request) -> bool:
    """Whether the law of the place knows further time for reasons."""
    return _longest(request) is not None


def _longest(request: Request) -> Window | None:
    try:
        return law_privacy.extended_window(
            pack=current.pack(request.place, request.received_at),
            calendar=current.calendar(request.place),
            received_at=request.received_at,
        )
    except (RoleUnfilled, current.PlaceUnknown, current.PackNotInForce):
        return None


_changed_lately: list[Callable[..., bool]] = []


def connect(*, changed_lately: Callable[..., bool]) -> None:
    """Take who knows (subject_id=, at=) whether a contact, a proof or a browser of the account is new."""
    _changed_lately[:] = [changed_lately]


def closes_at_once(subject_id: UUID, *, at: datetime) -> bool:
    """Not while somebody may have got in lately: the owner must read a letter before the account is gone."""
    return not any(knows(subject_id=subject_id, at=at) for knows in _changed_lately)


def start_cooling_off(request: Request, *, at: datetime) -> Deadline:
    """The person's time to think better of it; closing a settled account waits for its last letter only."""
    at_once = request.kind == RequestKind.CLOSE and closes_at_once(request.subject_id, at=at)
    name = CLOSING if at_once else TO_THINK
    window = promises.due(name, start=at, at=at)
    return booking.book(kind=COOLING_OFF, reference=request.pk, at=at, **window.as_booking())


def try_again(request: Request, *, at: datetime) -> Deadline:
    """Erasing has to wait for something that is still open."""
    booking.cancel(kind=COOLING_OFF, reference=request.pk, at=at)
    window = promises.due(AGAIN, start=at, at=at)
    return booking.book(kind=COOLING_OFF, reference=request.pk, at=at, **window.as_booking())


def end_all(request: Request, *, at: datetime) -> None:
    """The request is over: its answer was given, and no erasure waits any more."""
    booking.meet(kind=ANSWER, reference=request.pk, at=at)
    booking.cancel(kind=COOLING_OFF, reference=request.pk, at=at)


def running(request: Request) -> Deadline | None:
    """The clock of the answer, with the rule it was made by; None when it is over."""
    return booking.find(kind=ANSWER, reference=request.pk)


def due_at(request: Request) -> datetime | None:
    """Until when it must be answered; None when it is over."""
    found = running(request)
    return found.due_at if found else None

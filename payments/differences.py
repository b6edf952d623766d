"""The staff's queue of what doesn't fit: found once, taken by a person, ended by facts or with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from payments.lifecycle import DifferenceState, What
from payments.models import Difference
from rulebook import promises

CLOCK = POLICY = "payments.difference"
BY_ITSELF = "Both sides agree by now."
# Not of a day's statement: these end when what they are about has ended.
OUTSIDE = (What.PARKED, What.WITHOUT_ORDER, What.REFUND_STUCK)


class DifferenceEnded(DomainError):
    code = "difference_ended"
    message = N_("This difference has ended; reload the page to see how.")


class DifferenceTaken(DomainError):
    code = "difference_taken"
    message = N_("A colleague is on this difference already.")


class ReasonMissing(Invalid):
    code = "difference_reason_missing"
    message = N_("Say why both sides differ, so that the next one understands it.")


@dataclass(frozen=True, slots=True)
class Found:
    """`theirs_minor` and `ours_minor` in whole minor units; None: that side has nothing."""

    what: What
    kind: str
    key: str
    theirs_minor: int | None
    ours_minor: int | None
    currency: str
    detail: str = ""

    @property
    def name(self) -> tuple[str, str, str]:
        return self.what, self.kind, self.key


@transaction.atomic
def settle(*, provider: str, day: date, found: Sequence[Found], at: datetime) -> None:
    """Make the open differences of a provider's day those `found`; what ended stays ended."""
    held = Difference.objects.filter(provider=provider, day=day).exclude(what__in=OUTSIDE)
    known = {(one.what, one.kind, one.key): one for one in held.select_for_update(no_key=True)}
    named = {one.name: one for one in found}
    for name, one in known.items():
        if one.state == DifferenceState.OPEN and name not in named:
            clear(one, at=at)
    for name, new in named.items():
        if name not in known:
            open_one(provider=provider, day=day, found=new, at=at)


@transaction.atomic
def open_one(*, provider: str, day: date, found: Found, at: datetime) -> Difference:
    """Put what was found before the staff and start the platform's clock; the same again changes nothing."""
    made, new = Difference.objects.get_or_create(
        provider=provider,
        day=day,
        what=found.what,
        kind=found.kind,
        key=found.key,
        defaults={
            "theirs_minor": found.theirs_minor,
            "ours_minor": found.ours_minor,
            "currency": found.currency,
            "detail": found.detail[:60],
            "found_at": at,
        },
    )
    if new:
        window = promises.due(POLICY, start=at, at=at)
        booking.book(kind=CLOCK, reference=made.pk, at=at, **window.as_booking())
    return made


def clear(held: Difference, *, at: datetime) -> None:
    """The facts agree by now; `held` is locked."""
    end(held, DifferenceState.CLEARED, reason=BY_ITSELF, actor=Actor.system(), at=at)


@transaction.atomic
def take(*, difference_id: UUID, actor: Actor, at: datetime) -> Difference:
    """Be the one who looks into it; the same person again changes nothing.

    :raises DifferenceEnded: :raises DifferenceTaken: :raises NotFound:
    """
    held = still_open(difference_id)
    if held.assigned_to and held.assigned_to != str(actor):
        raise DifferenceTaken()
    if not held.assigned_to:
        held.assigned_to, held.assigned_at = str(actor), at
        held.save(update_fields=["assigned_to", "assigned_at"])
    return held


@transaction.atomic
def explain(*, difference_id: UUID, reason: str, actor: Actor, at: datetime) -> Difference:
    """End it without moving money, with the reason why none needs to move.

    :raises DifferenceEnded: :raises ReasonMissing: :raises NotFound:
    """
    held = still_open(difference_id)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    end(held, DifferenceState.EXPLAINED, reason=reason.strip()[:2000], actor=actor, at=at)
    return held


def still_open(difference_id: UUID) -> Difference:
    """The difference, locked. :raises DifferenceEnded: :raises NotFound:"""
    held = Difference.objects.locked(difference_id)
    if held.state != DifferenceState.OPEN:
        raise DifferenceEnded()
    return held


def end(
    held: Difference, state: DifferenceState, *, reason: str, actor: Actor, at: datetime, **changes: object
) -> None:
    """Close a locked difference for good."""
    changes |= {"state": state, "reason": reason, "ended_by": str(actor), "ended_at": at}
    for field, value in changes.items():
        setattr(held, field, value)
    held.save(update_fields=list(changes))
    booking.meet(kind=CLOCK, reference=held.pk, at=at)


def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody ended it in time: it stands first in the queue and counts in the figures of promises."""
    Difference.objects.open().filter(pk=reference).update(overdue_at=due_at)

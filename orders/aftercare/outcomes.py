"""What silence in a fault claim means, and what its parcels' scans mean: handlers that call use cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deadlines import booking
from kernel.actor import Actor
from orders import claim_deadlines, dispute_wait, disputes
from orders.aftercare import claims, mending
from orders.claim_events import ClaimRefusalUnanswered
from orders.events import HoldLifted, OrderRefunded
from orders.lifecycle import CLAIM, ClaimState
from orders.models import FaultClaim
from outbox import bus


def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if _is(reference, ClaimState.ASKED):
        claims.accept(claim_id=reference, by_silence=True, actor=Actor.system(), at=at)


def on_posting_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Where nobody came to fetch it the days have begun anew since."""
    anew = booking.find(kind=claim_deadlines.POSTING, reference=reference) is not None
    if _is(reference, ClaimState.ACCEPTED) and not anew:
        claims.close(claim_id=reference, cause="not_posted", actor=Actor.system(), at=at)


def on_inspection_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if _is(reference, ClaimState.RECEIVED) and not _is_disputed(reference):
        claims.take_on(claim_id=reference, by_silence=True, actor=Actor.system(), at=at)


def on_repair_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    mending.note_overdue(claim_id=reference, at=at)


def on_repair_limit(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if not _is_disputed(reference):
        mending.turn_at_limit(claim_id=reference, at=at)


def on_replacement_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if _is(reference, ClaimState.IN_HAND) and not _is_disputed(reference):
        mending.refund(claim_id=reference, cause="never_sent", actor=Actor.system(), at=at)


def on_receipt_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if _is(reference, ClaimState.ARRIVED):
        mending.confirm(claim_id=reference, by_silence=True, actor=Actor.system(), at=at)


def on_refusal_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Seven silent days after a refusal: the complaints floor takes it from here."""
    claim = FaultClaim.objects.select_related("order").get(pk=reference)
    if claim.state == ClaimState.REFUSED:
        bus.publish(ClaimRefusalUnanswered(*claims.ids(claim)), at=at)


def on_order_refunded(event: OrderRefunded, *, at: datetime) -> None:
    """All the money is back: a claim that still runs has nothing left to mend."""
    for claim in FaultClaim.objects.of_order(event.order_id).unfinished().order_by("pk"):
        if CLAIM.allows(claim.state, "close") or CLAIM.allows(claim.state, "end"):
            claims.close(claim_id=claim.pk, cause="order_over", actor=Actor.system(), at=at)


def catch_up(event: HoldLifted, *, at: datetime) -> None:
    """What clocks of claims decided while a dispute held the order's money happens now."""
    if event.reason != dispute_wait.HOLD or dispute_wait.is_waiting(event.order_id):
        return
    for claim in FaultClaim.objects.of_order(event.order_id).unfinished().order_by("pk"):
        for kind in MOVING_MONEY:
            if disputes.has_fired(kind, claim.pk):
                OUTCOMES[kind](reference=claim.pk, due_at=at, at=at)


def _is_disputed(claim_id: UUID) -> bool:
    """Whether the order's money waits apart: what may have to be paid from it waits, too."""
    return dispute_wait.is_waiting(claims.locked(claim_id).order_id)


def _is(claim_id: UUID, state: ClaimState) -> bool:
    """Checked with the order's row locked, as the use case will."""
    return claims.locked(claim_id).state == state


# Those that may end in money, in the order in which one follows the other.
MOVING_MONEY = (claim_deadlines.INSPECTION, claim_deadlines.REPAIR_LIMIT, claim_deadlines.REPLACEMENT)

OUTCOMES = {
    claim_deadlines.ANSWER: on_answer_due,
    claim_deadlines.POSTING: on_posting_due,
    claim_deadlines.INSPECTION: on_inspection_due,
    claim_deadlines.REPAIR: on_repair_due,
    claim_deadlines.REPAIR_LIMIT: on_repair_limit,
    claim_deadlines.REPLACEMENT: on_replacement_due,
    claim_deadlines.RECEIPT: on_receipt_due,
    claim_deadlines.REFUSAL: on_refusal_due,
}

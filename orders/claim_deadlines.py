"""The clocks of a fault claim: who must act by when, and what silence means (policies, silence table)."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from orders.models import FaultClaim
from orders.states import ClaimState
from rulebook import current, promises, statute

ANSWER = "claims.answer"
POSTING = "claims.posting"
INSPECTION = "claims.inspection"
REPAIR = "claims.repair"
REPAIR_LIMIT = "claims.repair_limit"
REPLACEMENT = "claims.replacement"
RECEIPT = "claims.receipt"
REFUSAL = "claims.refusal"
# The rule of a place that ends a repair by its last day.
LIMIT_ROLE = "repair_limit"


def start_answer(claim: FaultClaim, *, at: datetime) -> datetime:
    return _start(ANSWER, "silence.claim_answer", claim, at=at)


def start_posting(claim: FaultClaim, *, at: datetime) -> datetime:
    _meet(ANSWER, claim, at=at)
    return _start(POSTING, "silence.claim_posting", claim, at=at)


def require_posting_in_time(claim: FaultClaim, *, at: datetime) -> None:
    """:raises TooLate: the claim is as good as closed; another may be made while the law lets one"""
    booking.require_in_time(kind=POSTING, reference=claim.pk, at=at)


def postpone_posting(claim: FaultClaim, *, start: datetime, at: datetime) -> None:
    """The days to post begin anew at `start`, and never end earlier than they did."""
    booking.cancel(kind=POSTING, reference=claim.pk, at=at)
    _start(POSTING, "silence.claim_posting", claim, at=at, start=start)


def end_posting(claim: FaultClaim, *, at: datetime) -> None:
    _meet(POSTING, claim, at=at)


def start_inspection(claim: FaultClaim, *, at: datetime) -> datetime:
    _meet(POSTING, claim, at=at)
    return _start(INSPECTION, "silence.claim_inspection", claim, at=at)


def require_saying_no_in_time(claim: FaultClaim, *, at: datetime) -> None:
    """:raises TooLate: silence has answered for the merchant already"""
    kind = ANSWER if claim.state == ClaimState.ASKED else INSPECTION
    booking.require_in_time(kind=kind, reference=claim.pk, at=at)


def start_repair(claim: FaultClaim, *, at: datetime) -> datetime:
    """Our days for a repair, and beside them the law's last day where the place has one."""
    _meet(INSPECTION, claim, at=at)
    order = claim.order
    pack = current.pack(order.place, order.placed_at)
    if LIMIT_ROLE in pack.roles:
        limit = statute.window(
            pack.role(LIMIT_ROLE), start=claim.posted_at or at, at=order.placed_at, place=order.place
        )
        booking.book(kind=REPAIR_LIMIT, reference=claim.pk, at=at, **limit.as_booking())
    return _start(REPAIR, "silence.claim_repair", claim, at=at)


def repair_limit(claim: FaultClaim) -> datetime | None:
    """The last day's end of a running repair; None where the place has none."""
    row = booking.find(kind=REPAIR_LIMIT, reference=claim.pk)
    return row.due_at if row else None


def start_replacement(claim: FaultClaim, *, at: datetime) -> datetime:
    _meet(INSPECTION, claim, at=at)
    booking.cancel(kind=REPAIR, reference=claim.pk, at=at)
    booking.cancel(kind=REPAIR_LIMIT, reference=claim.pk, at=at)
    return _start(REPLACEMENT, "silence.claim_replacement", claim, at=at)


def end_work(claim: FaultClaim, *, at: datetime) -> None:
    for kind in (REPAIR, REPAIR_LIMIT, REPLACEMENT):
        _meet(kind, claim, at=at)


def start_receipt(claim: FaultClaim, *, at: datetime) -> datetime:
    return _start(RECEIPT, "silence.claim_receipt", claim, at=at)


def start_refusal(claim: FaultClaim, *, at: datetime) -> datetime:
    _meet(ANSWER, claim, at=at)
    _meet(INSPECTION, claim, at=at)
    return _start(REFUSAL, "silence.claim_refused", claim, at=at)


def end_receipt(claim: FaultClaim, *, at: datetime) -> None:
    _meet(RECEIPT, claim, at=at)


def end(claim: FaultClaim, *, at: datetime) -> None:
    booking.cancel_all(reference=claim.pk, at=at)


def _meet(kind: str, claim: FaultClaim, *, at: datetime) -> None:
    booking.meet(kind=kind, reference=claim.pk, at=at)


def _start(
    kind: str, promise: str, claim: FaultClaim, *, at: datetime, start: datetime | None = None
) -> datetime:
    order = claim.order
    window = promises.due(promise, start=start or at, at=at, place=order.place)
    booking.book(kind=kind, reference=claim.pk, at=at, **window.as_booking())
    return window.due_at

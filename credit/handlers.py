"""What credit does when something happened elsewhere: each ending becomes an entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from catalog import promises
from catalog.events import ListingPublished, ListingSuspended
from complaints import events as cases
from complaints.models import Complaint
from credit import entries, letters, standards
from credit.entries import Cases
from credit.events import GradeChanged, ReviewAnswered, ReviewWritten
from credit.models import Review
from kernel.actor import ActorKind
from kernel.ids import new_id
from orders import events as orders
from orders.models import CoverClaim, Order, Return

# Why an order was cancelled → what that says about the shop.
CANCELLATIONS = {"never_dispatched": "never_dispatched", "out_of_stock": "cancelled_by_shop"}
RULINGS = {"upheld": "complaint_upheld", "partly": "complaint_partly", "refused": "complaint_refused"}


def _of_order(event: orders.OrderFact, kind: str, happened_at: datetime | None, at: datetime) -> None:
    entries.record(
        merchant_id=event.merchant_id, kind=kind, reference=event.order_id, happened_at=happened_at or at,
        at=at, cases=Cases(order_id=event.order_id),
    )  # fmt: skip


def on_order_shipped(event: orders.OrderShipped, *, at: datetime) -> None:
    kind = "dispatched_on_time" if event.on_time else "dispatch_late"
    _of_order(event, kind, Order.objects.get(pk=event.order_id).shipped_at, at)


def on_dispatch_late(event: orders.DispatchLate, *, at: datetime) -> None:
    _of_order(event, "dispatch_late", event.due_at, at)


def on_order_cancelled(event: orders.OrderCancelled, *, at: datetime) -> None:
    """An order that was never paid has no ending that says anything."""
    if event.refunded_minor:
        by_shop = "cancelled_by_shop" if event.by == ActorKind.MEMBER else "order_cancelled"
        _of_order(event, CANCELLATIONS.get(event.cause, by_shop), None, at)


def on_rest_cancelled(event: orders.RestCancelled, *, at: datetime) -> None:
    """A part that never left weighs like an order that never did."""
    by_shop = "cancelled_by_shop" if event.by == ActorKind.MEMBER else "order_cancelled"
    _of_order(event, CANCELLATIONS.get(event.cause, by_shop), None, at)


def on_parcel_lost(event: orders.ParcelLost, *, at: datetime) -> None:
    _of_order(event, "parcel_lost", None, at)


def on_order_settled(event: orders.OrderSettled, *, at: datetime) -> None:
    """A completed order speaks for the shop, unless there was a complaint: that has its own entry."""
    disputed = Complaint.objects.filter(order_id=event.order_id).exists()
    kind = "order_settled_with_case" if disputed else "order_settled"
    _of_order(event, kind, Order.objects.get(pk=event.order_id).settled_at, at)


def on_order_refunded(event: orders.OrderRefunded, *, at: datetime) -> None:
    """What an insurer paid says nothing about the shop, once the standard has a word for it."""
    insured = CoverClaim.objects.bought_back(event.order_id) > 0
    kind = "order_bought_back" if insured and _knows("order_bought_back", at) else "order_refunded"
    _of_order(event, kind, None, at)


def _knows(kind: str, at: datetime) -> bool:
    return kind in standards.in_force(at).kinds


def _of_return(event: orders.ReturnFact, kind: str, happened_at: datetime | None, at: datetime) -> None:
    entries.record(
        merchant_id=event.merchant_id, kind=kind, reference=event.return_id, happened_at=happened_at or at,
        at=at, cases=Cases(order_id=event.order_id),
    )  # fmt: skip


def on_return_accepted(event: orders.ReturnAccepted, *, at: datetime) -> None:
    if event.by_silence:
        accepted_at = Return.objects.get(pk=event.return_id).accepted_at
        _of_return(event, "return_answer_overdue", accepted_at, at)


def on_return_refunded(event: orders.ReturnRefunded, *, at: datetime) -> None:
    kind = "return_refund_overdue" if event.by_silence else "return_refunded"
    _of_return(event, kind, Return.objects.get(pk=event.return_id).refunded_at, at)


def on_promise_decided(event: orders.PromiseDecided, *, at: datetime) -> None:
    """Once the standard knows promises; sending late has an entry of its own."""
    kind = f"promise_{event.outcome}"
    made = promises.promise(event.key)
    counts = made is not None and made.family not in ("dispatch_hours", "price_protection_days")
    if counts and _knows(kind, at):
        cases = Cases(order_id=event.order_id)
        entries.record(
            merchant_id=event.merchant_id, kind=kind, reference=event.record_id, happened_at=at, at=at,
            cases=cases,
        )  # fmt: skip


def _of_case(case: Complaint, kind: str, happened_at: datetime | None, at: datetime) -> None:
    entries.record(
        merchant_id=case.merchant_id, kind=kind, reference=case.pk, happened_at=happened_at or at, at=at,
        cases=Cases(order_id=case.order_id, complaint_id=case.pk),
    )  # fmt: skip


def on_complaint_answered(event: cases.ComplaintAnswered, *, at: datetime) -> None:
    _answer(Complaint.objects.get(pk=event.complaint_id), at)


def _answer(case: Complaint, at: datetime) -> None:
    """How soon the first answer came; a case settled before it has none."""
    if case.answered_at is None:
        return
    hours = (case.answered_at - case.opened_at).total_seconds() // 3600
    quick = hours < standards.in_force(case.answered_at).quick_answer_hours
    _of_case(case, "answered_quickly" if quick else "answered_in_time", case.answered_at, at)


def on_answer_overdue(event: cases.AnswerOverdue, *, at: datetime) -> None:
    _of_case(Complaint.objects.get(pk=event.complaint_id), "answer_overdue", event.due_at, at)


def on_complaint_agreed(event: cases.ComplaintAgreed, *, at: datetime) -> None:
    """Whoever settles early loses nothing, and accepting at once is an answer too."""
    case = Complaint.objects.get(pk=event.complaint_id)
    _answer(case, at)
    _of_case(case, "complaint_agreed", case.closed_at, at)


def on_complaint_decided(event: cases.ComplaintDecided, *, at: datetime) -> None:
    case = Complaint.objects.get(pk=event.complaint_id)
    _of_case(case, RULINGS[event.outcome], case.closed_at, at)
    if case.field and event.outcome != "refused":
        _of_case(case, "disclosure_wrong", case.closed_at, at)


def on_complaint_withdrawn(event: cases.ComplaintWithdrawn, *, at: datetime) -> None:
    case = Complaint.objects.get(pk=event.complaint_id)
    _of_case(case, "complaint_withdrawn", case.closed_at, at)


def _of_listing(merchant_id: UUID, kind: str, reference: UUID, at: datetime) -> None:
    entries.record(merchant_id=merchant_id, kind=kind, reference=reference, happened_at=at, at=at)


def on_listing_published(event: ListingPublished, *, at: datetime) -> None:
    """Once per listing, so that publishing again and again earns nothing."""
    _of_listing(event.merchant_id, "listing_published", event.listing_id, at)


def on_listing_suspended(event: ListingSuspended, *, at: datetime) -> None:
    """Each time anew: the outbox hands a fact to this handler once."""
    _of_listing(event.merchant_id, "listing_suspended", new_id(), at)


def on_review_written(event: ReviewWritten, *, at: datetime) -> None:
    review = Review.objects.get(pk=event.review_id)
    measures = {
        "review": (event.goods + event.description - 2) * 125,
        "review_aftersales": (event.aftersales - 1) * 250,
    }
    for kind, measure in measures.items():
        entries.record(
            merchant_id=event.merchant_id, kind=kind, reference=review.pk, happened_at=review.at, at=at,
            cases=Cases(order_id=review.order_id, review_id=review.pk), measure=measure,
        )  # fmt: skip


def on_grade_changed(event: GradeChanged, *, at: datetime) -> None:
    letters.grade_changed(event, at=at)


def on_review_answered(event: ReviewAnswered, *, at: datetime) -> None:
    letters.review_answered(event, at=at)

"""Which fact of an order starts which clock, and what the copies on the order say.

The Deadline row is the truth; `dispatch_by`, `window_ends_at` and `settles_at` are copies that only the
functions here work out, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from catalog import promises as merchant_promises
from deadlines import booking, moving
from law.counting import Length, Unit
from law.returns import PROMISED_DAYS
from law.windows import Window
from orders import promise_deadlines
from orders.models import Order, OrderLine, PromiseRecord, Purchase, Return, Shipment
from orders.states import ReturnState
from rulebook import promises, statute

PAYMENT_EXPIRY = "orders.payment_expiry"
DISPATCH = "orders.dispatch"
DISPATCH_LIMIT = "orders.dispatch_limit"
PARCEL_SILENCE = "orders.parcel_silence"
PARCEL_ANSWER = "orders.parcel_answer"
RETURN_WINDOW = "orders.return_window"
PRIVATE_RETURN = "orders.private_return"
SETTLEMENT = "orders.settlement"
RETURN_ANSWER = "orders.return_answer"
RETURN_POSTING = "orders.return_posting"
RETURN_INSPECTION = "orders.return_inspection"
RETURN_REFUSAL = "orders.return_refusal"
PROMISE_PAYMENT = "orders.promise_payment"


def payment_window(*, at: datetime) -> Window:
    return promises.due("silence.order_unpaid", start=at, at=at)


def book_payment_expiry(purchase: Purchase, window: Window, *, at: datetime) -> None:
    booking.book(kind=PAYMENT_EXPIRY, reference=purchase.pk, at=at, first=True, **window.as_booking())


def end_payment(purchase_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=PAYMENT_EXPIRY, reference=purchase_id, at=at)


def start_dispatch(order: Order, *, at: datetime) -> datetime:
    """Payment starts the promise to dispatch and its last day; gives the promise's instant."""
    promise = dispatch_window(order, start=at)
    limit = promises.due("silence.order_dispatch_limit", start=at, at=order.placed_at, place=order.place)
    booking.book(kind=DISPATCH, reference=order.pk, at=at, **promise.as_booking())
    booking.book(kind=DISPATCH_LIMIT, reference=order.pk, at=at, **limit.as_booking())
    return promise.due_at


def dispatch_window(order: Order, *, start: datetime) -> Window:
    """The promise of the slowest line, since one parcel carries them all; else the platform's default."""
    hours = [merchant_promises.dispatch_hours(line.terms) for line in order.lines.select_related("revision")]
    promised = max((hour for hour in hours if hour), default=0)
    default = promises.due("silence.order_dispatch", start=start, at=order.placed_at, place=order.place)
    if not promised:
        return default
    longer = promises.due(
        "silence.order_dispatch",
        start=start,
        at=order.placed_at,
        place=order.place,
        length=Length(promised, Unit.HOURS),
    )
    return longer if None not in hours else max(longer, default, key=lambda window: window.due_at)


def require_dispatch_in_time(order: Order, *, at: datetime) -> None:
    """:raises TooLate: on or after the last day, even if no sweep has cancelled the order yet"""
    booking.require_in_time(kind=DISPATCH_LIMIT, reference=order.pk, at=at)


def end_dispatch(order: Order, *, at: datetime) -> None:
    booking.meet(kind=DISPATCH, reference=order.pk, at=at)
    booking.meet(kind=DISPATCH_LIMIT, reference=order.pk, at=at)


def watch_parcel(shipment: Shipment, order: Order, *, seen_at: datetime, at: datetime) -> datetime:
    """Each scan starts the carrier's silence anew; gives its end."""
    window = promises.due("silence.parcel_no_scan", start=seen_at, at=order.placed_at, place=order.place)
    booking.meet(kind=PARCEL_SILENCE, reference=shipment.pk, at=at)
    booking.book(kind=PARCEL_SILENCE, reference=shipment.pk, at=at, **window.as_booking())
    return window.due_at


def ask_about_parcel(shipment: Shipment, order: Order, *, at: datetime) -> datetime:
    """Somebody else signed: the buyer has so long to say whether they got it."""
    window = promises.due("silence.parcel_signed_by_other", start=at, at=at, place=order.place)
    booking.book(kind=PARCEL_ANSWER, reference=shipment.pk, at=at, **window.as_booking())
    return window.due_at


def end_question(shipment: Shipment, *, at: datetime) -> None:
    booking.meet(kind=PARCEL_ANSWER, reference=shipment.pk, at=at)


def end_parcel_watch(shipment: Shipment, *, at: datetime) -> None:
    booking.meet(kind=PARCEL_SILENCE, reference=shipment.pk, at=at)


def return_window(order: Order, lines: Iterable[OrderLine], *, delivered_at: datetime) -> Window:
    """The longest window of its lines: a better promise of the merchant wins."""
    promised = max((merchant_promises.return_days(line.terms) for line in lines), default=0)
    if order.by_person:
        return statute.private_return_window(
            place=order.place, delivered_at=delivered_at, at=order.placed_at, promised_days=promised
        )
    return statute.return_window(
        place=order.place, delivered_at=delivered_at, at=order.placed_at, promised_days=promised or None
    )


def start_after_delivery(
    order: Order, lines: Iterable[OrderLine], *, delivered_at: datetime, at: datetime
) -> dict[str, datetime]:
    """Delivery starts the return window and the way to settlement; gives their copies for the order."""
    window = return_window(order, lines, delivered_at=delivered_at)
    settlement = promises.settlement(
        delivered_at=delivered_at,
        return_window=window,
        payout_delay_days=order.merchant.payout_delay_days,
        new_shop=order.merchant.grade == "N",
        at=order.placed_at,
        place=order.place,
    )
    kind = RETURN_WINDOW if takes_back(order, window) else PRIVATE_RETURN
    booking.book(kind=kind, reference=order.pk, at=at, **window.as_booking())
    booking.book(kind=SETTLEMENT, reference=order.pk, at=at, **settlement.as_booking())
    return {"window_ends_at": window.due_at, "settles_at": settlement.due_at}


def takes_back(order: Order, window: Window) -> bool:
    """Whether it is a window without a reason: a private person owes only the one it promised."""
    return not order.by_person or window.rule_id == PROMISED_DAYS


def follow_return_window(order: Order, *, ends_at: datetime, at: datetime) -> None:
    """The money stays in escrow so many days after a return window that has become longer."""
    running = booking.find(kind=SETTLEMENT, reference=order.pk)
    if running is None or order.delivered_at is None:
        return
    settlement = promises.settlement(
        delivered_at=order.delivered_at,
        return_window=ends_at,
        payout_delay_days=running.inputs["payout_delay_days"],
        new_shop=bool(running.inputs["extra_hold_days"]),
        at=order.placed_at,
        place=order.place,
    )
    moving.recount(
        deadline_id=running.pk,
        due_at=settlement.due_at,
        provisional=settlement.provisional,
        calendar_version=settlement.calendar_version,
        at=at,
    )


def end_order(order: Order, *, at: datetime) -> None:
    booking.cancel_all(reference=order.pk, at=at)


def end_settlement(order: Order, *, at: datetime) -> None:
    booking.meet(kind=SETTLEMENT, reference=order.pk, at=at)


def window_rule(order: Order) -> str:
    """The rule id on the order's return window row."""
    booked = [each for each in booking.of(order.pk) if each.kind in (RETURN_WINDOW, PRIVATE_RETURN)]
    return booked[-1].rule_id if booked else ""


def quality_window(order: Order) -> Window:
    if order.delivered_at is None:
        raise ValueError("the quality window starts with delivery")
    if order.by_person:
        return statute.private_return_window(
            place=order.place, delivered_at=order.delivered_at, at=order.placed_at
        )
    return statute.quality_window(place=order.place, delivered_at=order.delivered_at, at=order.placed_at)


def quality_rule(order: Order, *, at: datetime) -> str:
    """The rule by which faulty goods go straight back, before their window has begun."""
    reckon = statute.private_return_window if order.by_person else statute.quality_window
    return reckon(place=order.place, delivered_at=at, at=order.placed_at).rule_id


def start_return_answer(returning: Return, *, at: datetime) -> None:
    _start(RETURN_ANSWER, "silence.return_answer", returning, at=at)
    promise_deadlines.start_answer(returning, at=at)


def start_posting(returning: Return, *, at: datetime) -> datetime:
    booking.meet(kind=RETURN_ANSWER, reference=returning.pk, at=at)
    promise_deadlines.end(promise_deadlines.ANSWER, returning.pk, at=at)
    return _start(RETURN_POSTING, "silence.return_posting", returning, at=at)


def require_posting_in_time(returning: Return, *, at: datetime) -> None:
    """:raises TooLate: the return is as good as closed; it may be reopened"""
    booking.require_in_time(kind=RETURN_POSTING, reference=returning.pk, at=at)


def end_posting(returning: Return, *, at: datetime) -> None:
    booking.meet(kind=RETURN_POSTING, reference=returning.pk, at=at)


def postpone_posting(returning: Return, *, start: datetime, at: datetime) -> None:
    """The days to post begin anew at `start`, and never end earlier than they did."""
    booking.cancel(kind=RETURN_POSTING, reference=returning.pk, at=at)
    returning.post_by = _start(RETURN_POSTING, "silence.return_posting", returning, start=start, at=at)
    returning.save(update_fields=["post_by"])


def start_inspection(returning: Return, *, at: datetime) -> datetime:
    end_posting(returning, at=at)
    promise_deadlines.start_refund(returning, at=at)
    return _start(RETURN_INSPECTION, "silence.return_inspection", returning, at=at)


def require_inspection_in_time(returning: Return, *, at: datetime) -> None:
    """:raises TooLate: after 48 hours of silence the whole sum goes back, refusing is over"""
    kind = RETURN_ANSWER if returning.state == ReturnState.ASKED else RETURN_INSPECTION
    booking.require_in_time(kind=kind, reference=returning.pk, at=at)


def start_refusal(returning: Return, *, at: datetime) -> datetime:
    booking.meet(kind=RETURN_INSPECTION, reference=returning.pk, at=at)
    booking.meet(kind=RETURN_ANSWER, reference=returning.pk, at=at)
    promise_deadlines.end(promise_deadlines.ANSWER, returning.pk, at=at)
    promise_deadlines.drop(promise_deadlines.REFUND, returning.pk, at=at)
    return _start(RETURN_REFUSAL, "silence.return_refused", returning, at=at)


def end_return(returning: Return, *, at: datetime) -> None:
    booking.cancel_all(reference=returning.pk, at=at)


def end_inspection(returning: Return, *, at: datetime) -> None:
    promise_deadlines.end(promise_deadlines.REFUND, returning.pk, at=at)
    booking.meet(kind=RETURN_INSPECTION, reference=returning.pk, at=at)


def _start(
    kind: str, promise: str, returning: Return, *, at: datetime, start: datetime | None = None
) -> datetime:
    order = returning.order
    window = promises.due(promise, start=start or at, at=order.placed_at, place=order.place)
    booking.book(kind=kind, reference=returning.pk, at=at, **window.as_booking())
    return window.due_at


def start_promise_payment(record: PromiseRecord, *, at: datetime) -> None:
    """What a merchant owes for a promise and hasn't: tried again at this instant."""
    booking.cancel(kind=PROMISE_PAYMENT, reference=record.pk, at=at)
    window = promises.due("silence.remedy", start=at, at=at, owner="merchant")
    booking.book(kind=PROMISE_PAYMENT, reference=record.pk, at=at, **window.as_booking())

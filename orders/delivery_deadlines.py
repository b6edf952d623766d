"""The clocks of how goods come: express, what waits at a service point, services that wait to be redeemed."""

from __future__ import annotations

from datetime import datetime

from deadlines import booking
from law.counting import Length, Unit
from law.windows import Window
from orders.models import Appointment, Order, VoucherUse
from rulebook import promises, statute

EXPRESS = "delivery.express"
PICKUP = "delivery.pickup"
VOUCHER = "delivery.voucher"
VOUCHER_USE = "delivery.voucher_use"
APPOINTMENT = "delivery.appointment"
# Within it a prepayment for services may be asked back.
PREPAID_BACK = "cn.prepaid.refund"


def start_express(order: Order, *, at: datetime) -> None:
    """Payment starts the promised days of express; the standard way has none."""
    if order.express_days is None:
        return
    window = promises.due(
        "silence.order_express",
        start=at,
        at=order.placed_at,
        place=order.place,
        length=Length(order.express_days, Unit.DAYS),
    )
    booking.book(kind=EXPRESS, reference=order.pk, at=at, **window.as_booking())


def start_pickup(order: Order, *, at: datetime) -> datetime:
    """It lies ready: until the instant that is given the buyer may come for it."""
    window = promises.due("silence.order_pickup", start=at, at=order.placed_at, place=order.place)
    booking.book(kind=PICKUP, reference=order.pk, at=at, **window.as_booking())
    return window.due_at


def start_voucher(order: Order, *, days: int, at: datetime) -> datetime:
    """Services are good for so many days from payment, and never shorter than the law takes them back."""
    lawful = statute.window(PREPAID_BACK, start=at, at=order.placed_at, place=order.place)
    window = promises.due(
        "silence.voucher",
        start=at,
        at=order.placed_at,
        place=order.place,
        length=Length(days, Unit.DAYS) if days else None,
    )
    longer = max(window, lawful, key=lambda each: each.due_at)
    booking.book(kind=VOUCHER, reference=order.pk, at=at, **longer.as_booking())
    return longer.due_at


def use_window(order: Order, *, at: datetime) -> Window:
    """So long after a use its share stays in escrow: time to say that something was wrong with it."""
    return promises.due("silence.voucher_use", start=at, at=order.placed_at, place=order.place)


def book_use(use: VoucherUse, window: Window, *, at: datetime) -> None:
    booking.book(kind=VOUCHER_USE, reference=use.pk, at=at, **window.as_booking())


def end_use(use: VoucherUse, *, at: datetime) -> None:
    booking.meet(kind=VOUCHER_USE, reference=use.pk, at=at)


def start_appointment(made: Appointment, *, at: datetime) -> None:
    """So long after its end the shop may say what became of it; silence leaves the buyer their use."""
    order = made.order
    window = promises.due(
        "silence.appointment", start=made.slot.ends_at, at=order.placed_at, place=order.place
    )
    booking.book(kind=APPOINTMENT, reference=made.pk, at=at, **window.as_booking())


def end_appointment(made: Appointment, *, at: datetime) -> None:
    booking.meet(kind=APPOINTMENT, reference=made.pk, at=at)


def end_waiting(order: Order, *, at: datetime) -> None:
    """All of it is there, by express or from a service point."""
    if order.express_days is not None:
        booking.meet(kind=EXPRESS, reference=order.pk, at=at)
    if order.is_picked_up:
        booking.meet(kind=PICKUP, reference=order.pk, at=at)
    if order.is_voucher:
        booking.meet(kind=VOUCHER, reference=order.pk, at=at)

"""Every minute: money for an order that still waits for it, and orders that go on without money."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from orders.models import Order
from orders.states import OrderState
from payments import differences
from payments.differences import Found
from payments.lifecycle import PaymentState, What
from payments.models import Difference, Payment
from rulebook import policies

MINUTES = "payments.watch_minutes"
BACK = timedelta(days=30)
WAITING = (OrderState.AWAITING_PAYMENT, OrderState.RESERVED)
GOING_ON = (OrderState.PAID, OrderState.SHIPPED)


def look(*, at: datetime) -> int:
    """Put each such order before the money desk, once; gives how many were found now."""
    since = at - timedelta(minutes=policies.number(MINUTES, at))
    paid = Payment.objects.filter(pk=OuterRef("payment_id"), state=PaymentState.CAPTURED)
    late = paid.filter(captured_at__lte=since, captured_at__gt=at - BACK)
    known = Difference.objects.filter(what=What.WITHOUT_ORDER, key=OuterRef("number"))
    fresh = Order.objects.filter(~Exists(known))
    waiting = fresh.filter(Exists(late), state__in=WAITING)
    without = fresh.filter(~Exists(paid), state__in=GOING_ON)
    return _report(waiting, "paid, and the order waits", at=at) + _report(without, "no money", at=at)


def _report(orders: QuerySet[Order], detail: str, *, at: datetime) -> int:
    found = list(orders.order_by("pk")[:100])
    for order in found:
        came = order.state in WAITING
        said = Found(
            What.WITHOUT_ORDER,
            "charge",
            order.number,
            order.total_minor if came else None,
            None if came else order.total_minor,
            order.currency,
            detail,
        )
        differences.open_one(provider=_provider(order), day=at.date(), found=said, at=at)
    return len(found)


def _provider(order: Order) -> str:
    paid = Payment.objects.filter(pk=order.payment_id).first() if order.payment_id else None
    return (paid.provider if paid else "") or "none"

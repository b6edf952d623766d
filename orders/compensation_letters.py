"""Letters about compensations: to the buyer when one is owed and has arrived, to the shop that pays."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders.announcing import path_for
from orders.models import Order
from orders.reminding import shop_of_order
from payments.events import AwardFact, AwardOwed, AwardPaid

_SAMPLE: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/orders/A7M3Q9XK2PB/",
    "cause": "late_dispatch",
    "amount": Money(1290),
}
KINDS = (
    LetterKind("orders.award_owed", sample=_SAMPLE),
    LetterKind("orders.award_paid", sample=_SAMPLE),
    LetterKind("orders.award_costs", sample={**_SAMPLE, "path": "/merchant/shan-zhi/orders/A7M3Q9XK2PB/"}),
)


def on_award_owed(event: AwardOwed, *, at: datetime) -> None:
    """Nobody has to ask for it: the buyer hears what comes and why, the shop what it costs."""
    order = Order.objects.select_related("merchant").get(pk=event.order_id)
    _tell_buyer("orders.award_owed", order, event, at=at)
    path = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    for reader in shop_of_order(order.pk).readers:
        send(
            subject_id=reader.subject_id,
            kind="orders.award_costs",
            reference=event.award_id,
            params={**_said(order, event), "path": path},
            at=at,
        )


def on_award_paid(event: AwardPaid, *, at: datetime) -> None:
    _tell_buyer("orders.award_paid", Order.objects.get(pk=event.order_id), event, at=at)


def _tell_buyer(kind: str, order: Order, event: AwardFact, *, at: datetime) -> None:
    params = {**_said(order, event), "path": path_for(order)}
    send(subject_id=order.subject_id, kind=kind, reference=event.award_id, params=params, at=at)


def _said(order: Order, event: AwardFact) -> dict[str, Value]:
    amount = Money(event.amount_minor, event.currency)
    return {"number": order.number, "cause": event.cause, "amount": amount}

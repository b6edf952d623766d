"""Letters about orders that their shop confirms first: to the buyer, and to who acts for the shop."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from kernel.actor import ActorKind
from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders.announcing import path_for
from orders.confirm_events import ConfirmationAsked, OrderConfirmed, OrderReserved
from orders.events import OrderCancelled
from orders.models import Order
from orders.reminding import shop_of_order

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_BUYER: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/orders/A7M3Q9XK2PB/",
    "amount": Money(12900),
}
_SHOP: dict[str, Value] = {**_BUYER, "path": "/merchant/shan-zhi/orders/A7M3Q9XK2PB/"}
KINDS = (
    LetterKind("orders.order_reserved", sample={**_BUYER, "until": _DAY}),
    LetterKind("orders.order_confirmed", sample=_BUYER),
    LetterKind("orders.order_let_go", sample={**_BUYER, "cause": "declined_sold_out"}),
    LetterKind("orders.confirmation_asked", sample={**_SHOP, "until": _DAY, "taken": ""}),
    LetterKind("orders.order_let_go_shop", sample={**_SHOP, "cause": "not_taken"}),
)


def on_order_reserved(event: OrderReserved, *, at: datetime) -> None:
    _to_buyer(event.order_id, "order_reserved", at=at, until=event.until)


def on_confirmation_asked(event: ConfirmationAsked, *, at: datetime) -> None:
    taken = "yes" if event.taken else ""
    _to_shop(event.order_id, "confirmation_asked", at=at, until=event.confirm_by, taken=taken)


def on_order_confirmed(event: OrderConfirmed, *, at: datetime) -> None:
    """Where the money is still to be taken, the letter that it was comes in a moment."""
    if event.taken:
        _to_buyer(event.order_id, "order_confirmed", at=at)


def on_order_cancelled(event: OrderCancelled, *, at: datetime) -> None:
    """Nothing was taken; a shop that ended it itself needs no letter."""
    if not event.freed_minor:
        return
    _to_buyer(event.order_id, "order_let_go", at=at, cause=event.cause)
    if event.by != ActorKind.MEMBER:
        _to_shop(event.order_id, "order_let_go_shop", at=at, cause=event.cause)


def _to_buyer(order_id: UUID, kind: str, *, at: datetime, **more: Value) -> None:
    order = Order.objects.get(pk=order_id)
    said: dict[str, Value] = {"number": order.number, "path": path_for(order), "amount": order.total, **more}
    send(subject_id=order.subject_id, kind=f"orders.{kind}", reference=order.pk, params=said, at=at)


def _to_shop(order_id: UUID, kind: str, *, at: datetime, **more: Value) -> None:
    order = Order.objects.select_related("merchant").get(pk=order_id)
    path = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    said: dict[str, Value] = {"number": order.number, "path": path, "amount": order.total, **more}
    for reader in shop_of_order(order_id).readers:
        send(subject_id=reader.subject_id, kind=f"orders.{kind}", reference=order.pk, params=said, at=at)

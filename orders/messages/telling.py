"""Letters about messages: that there is one, never what it says; and what silence means."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from orders.announcing import path_for
from orders.message_events import OrderMessageUnanswered, OrderMessageWritten
from orders.models import MessageTurn, Order
from orders.reminding import shop_of_order
from orders.states import MessageSeat
from outbox import bus

_BUYER: dict[str, Value] = {"number": "A7M3Q9XK2PB", "path": "/orders/A7M3Q9XK2PB/"}
_SHOP: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/merchant/shan-zhi/orders/A7M3Q9XK2PB/messages/",
}
KINDS = (
    LetterKind("orders.message_from_shop", sample=_BUYER),
    LetterKind("orders.message_from_buyer", sample=_SHOP),
    LetterKind("orders.message_unanswered", sample=_BUYER),
)


def on_message_written(event: OrderMessageWritten, *, at: datetime) -> None:
    """The other side is told once, until it has read what there is."""
    order = Order.objects.select_related("merchant").get(pk=event.order_id)
    if event.seat == MessageSeat.MERCHANT:
        said: dict[str, Value] = {"number": order.number, "path": path_for(order)}
        send(
            subject_id=order.subject_id,
            kind="orders.message_from_shop",
            reference=event.message_id,
            params=said,
            at=at,
        )
        return
    for reader in _shop(order).readers:
        send(
            subject_id=reader.subject_id,
            kind="orders.message_from_buyer",
            reference=event.message_id,
            params={"number": order.number, "path": reader.path},
            at=at,
        )


def on_unanswered(event: OrderMessageUnanswered, *, at: datetime) -> None:
    order = Order.objects.get(pk=event.order_id)
    said: dict[str, Value] = {"number": order.number, "path": path_for(order)}
    send(
        subject_id=order.subject_id,
        kind="orders.message_unanswered",
        reference=event.turn_id,
        params=said,
        at=at,
    )


def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Still no word: the shop's figures show it by themselves, and the buyer learns what else to do."""
    turn = MessageTurn.objects.select_related("thread").get(pk=reference)
    if turn.answered_at is None:
        thread = turn.thread
        fact = OrderMessageUnanswered(thread.order_id, thread.merchant_id, thread.subject_id, turn.pk)
        bus.publish(fact, at=at)


def shop_of_turn(reference: UUID) -> Reminder:
    """Who acts for the shop, and the thread that waits for it."""
    turn = MessageTurn.objects.select_related("thread__order__merchant").get(pk=reference)
    return _shop(turn.thread.order)


def _shop(order: Order) -> Reminder:
    path = reverse("orders:merchant-messages", args=[order.merchant.slug, order.number])
    readers = [Reader(each.subject_id, path) for each in shop_of_order(order.pk).readers]
    return Reminder(order.number, readers)

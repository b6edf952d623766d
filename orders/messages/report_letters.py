"""Letters about reported messages: to both sides what was decided and why, never what was written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from merchants import telling
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from orders.message_events import MessageReportDecided, MessageReportOverdue
from orders.models import MessageReport, Order
from orders.reminding import shop_of_order
from orders.states import MessageSeat

_SAMPLE: dict[str, Value] = {
    "number": "M7M3Q9XK2PB",
    "order": "A7M3Q9XK2PB",
    "outcome": "hidden",
    "reason": "消息里留了收款账号，让买家绕开平台付款。",
    "path": "/orders/A7M3Q9XK2PB/messages/",
}
KINDS = (
    LetterKind("orders.message_report_decided", sample=_SAMPLE),
    LetterKind("orders.message_ruled", sample=_SAMPLE),
    LetterKind("orders.message_report_overdue", sample={"number": "M7M3Q9XK2PB", "path": "/admin/"}),
)
DESK = Role.REVIEWER


def on_decided(event: MessageReportDecided, *, at: datetime) -> None:
    """Who reported reads the answer; who wrote it hears of it only where something was wrong."""
    held = MessageReport.objects.get(pk=event.report_id)
    order = Order.objects.select_related("merchant").get(pk=event.order_id)
    said: dict[str, Value] = {
        "number": held.number,
        "order": order.number,
        "outcome": event.outcome,
        "reason": held.reason,
    }
    _to(MessageSeat(held.seat), order, "orders.message_report_decided", held.pk, said, at=at)
    if event.outcome != "no_breach":
        writer = MessageSeat.BUYER if held.seat == MessageSeat.MERCHANT else MessageSeat.MERCHANT
        _to(writer, order, "orders.message_ruled", held.pk, said, at=at)


def _to(
    seat: MessageSeat, order: Order, kind: str, reference: UUID, said: dict[str, Value], *, at: datetime
) -> None:
    if seat is MessageSeat.BUYER:
        params = {**said, "path": reverse("orders:messages", args=[order.number])}
        send(subject_id=order.subject_id, kind=kind, reference=reference, params=params, at=at)
        return
    path = reverse("orders:merchant-messages", args=[order.merchant.slug, order.number])
    for reader in shop_of_order(order.pk).readers:
        send(
            subject_id=reader.subject_id, kind=kind, reference=reference, params={**said, "path": path}, at=at
        )


def on_overdue(event: MessageReportOverdue, *, at: datetime) -> None:
    """To the seniors, who answer it from now on."""
    held = MessageReport.objects.get(pk=event.report_id)
    telling.desk(
        Role.SENIOR,
        "orders.message_report_overdue",
        reference=held.pk,
        at=at,
        number=held.number,
        path=_desk_path(held),
    )


def desk_of_report(reference: UUID) -> Reminder:
    """The reviewers answer; whoever is free takes it."""
    held = MessageReport.objects.get(pk=reference)
    return Reminder(held.number, [Reader(one, _desk_path(held)) for one in subjects_in(DESK)])


def _desk_path(held: MessageReport) -> str:
    return reverse("admin:orders_messagereport_change", args=[held.pk])

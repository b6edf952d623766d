"""Threads of orders, written through the use case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.actor import Actor
from orders.messages import reporting, writing
from orders.models import MessageReport, Order, OrderMessage
from orders.states import MessageSeat, ReportCause
from tests.builders.orders import drain, member_of
from tests.privacy.pictures import a_jpeg_upload


def write(order: Order, text: str, *, at: datetime, shop: bool = False, **more: Any) -> OrderMessage:
    """One message, told and examined."""
    seat = MessageSeat.MERCHANT if shop else MessageSeat.BUYER
    actor = member_of(order) if shop else Actor.buyer(order.subject_id)
    made = writing.write(order_id=order.pk, seat=seat, text=text, actor=actor, at=at, **more)
    drain(at=at)
    return made


def a_thread(order: Order, *, at: datetime) -> None:
    """A question with a picture that waits for its answer."""
    write(order, "壶嘴有一道线，是裂纹吗？", at=at, uploads=[a_jpeg_upload()])


def a_report(
    order: Order, *, at: datetime, by: MessageSeat = MessageSeat.MERCHANT, words: str = "说话难听。"
) -> MessageReport:
    """The last message of the other side, reported."""
    message = OrderMessage.objects.filter(thread__order=order).exclude(seat=by).latest("at", "id")
    actor = Actor.buyer(order.subject_id) if by is MessageSeat.BUYER else member_of(order)
    made = reporting.report(
        order_id=order.pk,
        message_id=message.pk,
        seat=by,
        cause=ReportCause.INSULT,
        words=words,
        actor=actor,
        at=at,
    )
    drain(at=at)
    return made


def a_reported_message(order: Order, *, at: datetime | None = None) -> MessageReport:
    """The shop wrote, the buyer reports it; when the order was paid, unless said otherwise."""
    when = at or order.paid_at or order.placed_at
    write(order, "加我微信，转账更便宜。", at=when, shop=True)
    return a_report(order, at=when, by=MessageSeat.BUYER)

"""Threads of orders, written through the use case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kernel.actor import Actor
from orders.messages import writing
from orders.models import Order, OrderMessage
from orders.states import MessageSeat
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

"""Service points and what is picked up there, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.actor import Actor
from kernel.ids import new_id
from orders.delivery_ways import Way, WayKind
from orders.models import Order, ServicePoint
from orders.pickup import points, readying
from tests.builders.orders import ORDERED, a_checkout, drain, member_of, pay
from tests.builders.shops import LISTED


def a_point(
    merchant: Any,
    *,
    name: str = "徐汇店",
    offers: Any = ("pickup", "return", "use"),
    codes: Any = (),
    at: datetime = LISTED,
) -> ServicePoint:
    """Where everything that the shop sells is, unless `codes` says what."""
    written = points.Written(name, "上海市徐汇区漕溪北路 1 号", "每天 10:00–20:00", offers, codes)
    actor = Actor.member(new_id(), merchant.pk)
    return points.open_point(merchant_id=merchant.pk, written=written, actor=actor, at=at)


def a_pickup(
    listing: Any,
    *,
    point: ServicePoint | None = None,
    quantity: int = 1,
    subject_id: UUID | None = None,
    ready: bool = False,
    at: datetime = ORDERED,
) -> Order:
    """A paid order that is picked up; `ready`: it lies there and the buyer has a code."""
    point = point or a_point(listing.merchant)
    ways = {listing.merchant.pk: Way(WayKind.PICKUP, point=point.pk)}
    done = a_checkout(listings=[(listing, quantity)], subject_id=subject_id, ways=ways, at=at)
    pay(done, at=at)
    order = done.orders[0]
    if ready:
        readying.mark_ready(order_id=order.pk, actor=member_of(order), at=at)
        drain(at=at)
    return Order.objects.with_lines().get(pk=order.pk)

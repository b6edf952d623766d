"""Services for tests: bought, paid and redeemed through the use cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel.actor import Actor
from kernel.ids import new_id
from orders.models import Appointment, Order, PointCode, Slot
from orders.vouchers import appointments, redeeming, slots
from orders.vouchers.slots import Offered
from tests.builders.orders import ORDERED, a_checkout, drain, member_of, pay
from tests.builders.shops import a_complete_draft, a_listing


def a_service(shop: Any = None, *, price: str = "30.00", **attributes: Any) -> Any:
    """Good for a year from payment, unless `valid_days` says otherwise."""
    facts = {"merchant": shop} if shop is not None else {}
    draft = a_complete_draft("services", title="")["attributes"] | attributes
    changes = {"attributes": draft} if attributes else {}
    return a_listing(category="services", price=price, freight="0.00", **facts, **changes)


def a_voucher(
    listing: Any = None, *, quantity: int = 1, subject_id: Any = None, at: datetime = ORDERED
) -> Order:
    """Bought and paid."""
    done = a_checkout(listings=[(listing or a_service(), quantity)], subject_id=subject_id, at=at)
    pay(done, at=at)
    return Order.objects.with_lines().get(pk=done.orders[0].pk)


def code_of(order: Order) -> str:
    """As its buyer sees it."""
    return PointCode.objects.live().get(order=order).code


def redeem(order: Order, pieces: int = 1, *, at: datetime = ORDERED + timedelta(days=1)) -> None:
    facts = {"merchant_id": order.merchant_id, "text": code_of(order), "pieces": pieces}
    redeeming.redeem(**facts, actor=member_of(order), at=at)
    drain(at=at)


# By appointment; free until two hours before, then a use is gone.
BOUND = {"booking": "needed", "book_ahead": "1", "cancel_ahead": "2", "no_show": "counts"}


def a_pack(shop: Any = None, *, price: str = "100.01", uses: str = "5", **attributes: Any) -> Any:
    """A service of which one piece is used five times."""
    return a_service(
        shop, price=price, service_kind="stored_value", uses=uses, closing_refund="全退", **attributes
    )


def a_slot(
    listing: Any, *, starts_at: datetime = ORDERED + timedelta(days=3), hours: int = 1, capacity: int = 2
) -> Slot:
    """Offered by its shop."""
    told = Offered(listing.pk, starts_at, starts_at + timedelta(hours=hours), capacity, "徐汇店")
    actor = Actor.member(new_id(), listing.merchant_id)
    return slots.offer(merchant_id=listing.merchant_id, offered=told, actor=actor, at=ORDERED)[0]


def an_appointment(order: Order, slot: Slot, *, at: datetime = ORDERED + timedelta(days=1)) -> Appointment:
    line, actor = order.lines.get(), Actor.buyer(order.subject_id)
    made = appointments.book(order_id=order.pk, line_id=line.pk, slot_id=slot.pk, actor=actor, at=at)
    drain(at=at)
    return made


def a_booked_service(shop: Any, *, subject_id: Any, at: datetime) -> Appointment:
    """A pack of which one use is gone and another has its time."""
    listing = a_pack(shop)
    order = a_voucher(listing, subject_id=subject_id, at=at)
    redeem(order, at=at)
    told = Offered(listing.pk, at + timedelta(days=3), at + timedelta(days=3, hours=1), 2, "徐汇店")
    facts = {"merchant_id": shop.pk, "actor": member_of(order), "at": at}
    return an_appointment(order, slots.offer(offered=told, **facts)[0], at=at)

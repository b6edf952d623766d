"""Orders of sets, reached through the use cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from catalog.models import ShopSet
from kernel.actor import Actor
from orders import cart_sets, checkout
from orders.models import Order
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, deliver, pay, ship


def put_set(subject: UUID, shop_set: ShopSet, quantity: int = 1, *, revision: UUID | None = None) -> None:
    """So many sets into the cart."""
    revision_id = revision or shop_set.live_revision_id
    assert revision_id is not None
    cart_sets.put(
        subject_id=subject,
        set_id=shop_set.pk,
        revision_id=revision_id,
        quantity=quantity,
        actor=Actor.buyer(subject),
        at=ORDERED,
    )


def checked_out(subject: UUID, **more: Any) -> checkout.Checkout:
    """What is in the cart, ordered and not paid yet."""
    actor = Actor.buyer(subject)
    return checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED, **more
    )


def an_order_of_sets(
    shop_set: ShopSet, quantity: int = 1, *, delivered_at: datetime, subject: UUID | None = None
) -> Order:
    """One delivered order of so many sets."""
    subject = subject or a_subject()
    put_set(subject, shop_set, quantity)
    done = checked_out(subject)
    pay(done, at=ORDERED + timedelta(minutes=5))
    order = done.orders[0]
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=delivered_at)
    return Order.objects.with_lines().get(pk=order.pk)

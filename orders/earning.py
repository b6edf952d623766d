"""Points for a settled order, and fewer of them when money of it goes back afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import linking
from kernel.money import Money
from orders.events import OrderSettled
from orders.models import Order
from payments import tenders
from payments.points import granting
from web import tenancy


@transaction.atomic
def on_order_settled(event: OrderSettled, *, at: datetime) -> None:
    """To the buyer's account, or to the one that the guest has become; other guests earn nothing."""
    owner_id = linking.account_of(event.subject_id)
    if owner_id is None:
        return
    order = Order.objects.locked(event.order_id)
    granting.grant(owner_id=owner_id, reference=order.pk, basis=stays_paid(order), at=at)


@tenancy.widened()
def follow(order: Order, *, at: datetime) -> None:
    """Money of a locked order went back: what it doesn't earn any more goes with it. Once it was settled."""
    if order.settled_at is not None:
        granting.follow(reference=order.pk, basis=stays_paid(order), at=at)


def stays_paid(order: Order) -> Money:
    """By a provider and gift cards and not gone back; what points paid earns no points."""
    left = order.left - tenders.points_left_on(order.pk, order.currency)
    return max(left, Money.zero(order.currency))

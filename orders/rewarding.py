"""Points for a shop whose order ended well, and none of them when money of it goes back afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.money import Money
from orders.events import OrderSettled
from orders.models import FaultClaim, Order, Return
from payments.points import rewarding
from payments.points_models import Ground
from web import tenancy


@transaction.atomic
def on_order_settled(event: OrderSettled, *, at: datetime) -> None:
    """By what the published rule finds in the order; of which money went back already, it earns nothing.

    Vouchers neither: their fees are taken use by use, and nothing is sent.
    """
    order = Order.objects.locked(event.order_id)
    if order.refunded_minor or order.is_voucher:
        return
    rewarding.reward(
        merchant_id=order.merchant_id,
        reference=order.pk,
        fee=Money(event.fee_minor, order.currency),
        grounds=grounds_of(order),
        at=at,
    )


def grounds_of(order: Order) -> list[Ground]:
    """What of the rule this order meets: judged by its own facts alone."""
    found = []
    if order.shipped_at and (order.dispatch_by is None or order.shipped_at < order.dispatch_by):
        found.append(Ground.SENT_IN_TIME)
    if not _was_in_question(order):
        found.append(Ground.NO_CASE)
    return found


def _was_in_question(order: Order) -> bool:
    """A return, a claim, or whatever held its money: a complaint, a dispute of the bank, a guardian."""
    return (
        order.holds.exists()
        or Return.objects.of_order(order.pk).exists()
        or FaultClaim.objects.of_order(order.pk).exists()
    )


def numbers_of(order_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Order → its number, for the shop's own page."""
    return Order.objects.numbers(order_ids)


@tenancy.widened()
def follow(order: Order, *, at: datetime) -> None:
    """Money of a locked order went back after it was settled: the shop earned nothing with it."""
    if order.settled_at is not None:
        rewarding.revoke(reference=order.pk, at=at)

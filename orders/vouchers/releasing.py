"""The share of each use goes to the shop on its own clock, so that a pack isn't held to its last use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from orders import delivery_deadlines, shop_share
from orders.lifecycle import prove
from orders.models import Order, VoucherUse
from orders.states import HELD_STATES
from payments import escrow, reserve


@transaction.atomic
def release_due(*, order_id: UUID, at: datetime) -> None:
    """Release what is due of an order's uses; nothing while a hold, a return or a claim stands."""
    order = Order.objects.locked(order_id)
    if order.is_voucher and order.state in HELD_STATES and not shop_share.is_held(order):
        release(order, until=at, at=at)


def release(order: Order, *, until: datetime | None, at: datetime) -> None:
    """Of a locked order: the uses whose instant is not after `until`; all of them without it."""
    waiting = VoucherUse.objects.filter(order=order, released_at__isnull=True)
    if until is not None:
        waiting = waiting.filter(release_at__lte=until)
    for each in waiting.order_by("release_at", "voucher_id", "number"):
        _release_one(each, order, at=at)


def _release_one(use: VoucherUse, order: Order, *, at: datetime) -> None:
    """Never more than is left of the order: a refund that a complaint brought comes off it."""
    amount = min(use.share, order.unreleased)
    known = Money(order.released_minor, order.currency)
    fee = shop_share.fee_on(known + amount, order) - shop_share.fee_on(known, order)
    delivery_deadlines.end_use(use, at=at)
    use.released_at, use.released_minor = at, amount.minor
    use.save(update_fields=["released_at", "released_minor"])
    order.refresh_from_db(fields=["released_minor"])
    said = {"number": use.number, "amount_minor": amount.minor, "fee_minor": fee.minor}
    prove(order, "orders.voucher.release", said, at=at)
    if not amount:
        return
    escrow.release(
        reference=order.pk,
        merchant_id=order.merchant_id,
        amount=amount,
        fee=fee,
        purpose=f"voucher_use:{use.pk}",
        actor=Actor.system(),
        at=at,
    )
    reserve.keep(merchant_id=order.merchant_id, reference=use.pk, net=amount - fee, at=at)

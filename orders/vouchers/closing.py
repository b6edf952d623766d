"""A shop that closes: whoever holds its vouchers is told before, and gets what isn't used back on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from merchants.events import ClosingAnnounced, MerchantStandingChanged
from merchants.lifecycle import MerchantState
from merchants.models import Merchant
from notifications.kinds import Value
from notifications.sending import send
from orders import cancellation, dispute_wait
from orders.announcing import path_for
from orders.models import Order
from orders.states import OrderState, WayKind

SHOP_CLOSED = "shop_closed"


def _open_of(merchant_id: UUID) -> Iterable[Order]:
    """Its orders of which something may still be used."""
    rows = Order.objects.filter(merchant_id=merchant_id, delivery=WayKind.VOUCHER, state=OrderState.PAID)
    return rows.order_by("placed_at", "pk")


def on_closing_announced(event: ClosingAnnounced, *, at: datetime) -> None:
    """The holders have the time of the notice to use it or to cancel it."""
    merchant = Merchant.objects.get(pk=event.merchant_id)
    if merchant.closing_at is None:
        return
    for order in _open_of(merchant.pk):
        params: dict[str, Value] = {
            "number": order.number,
            "path": path_for(order),
            "until": merchant.closing_at,
        }
        send(
            subject_id=order.subject_id,
            kind="orders.voucher_shop_closes",
            reference=order.pk,
            params=params,
            at=at,
        )


def on_standing_changed(event: MerchantStandingChanged, *, at: datetime) -> None:
    """Closed, it renders nothing any more: every unused use goes back, at the price that was paid for it."""
    if event.state != MerchantState.CLOSED:
        return
    for order in _open_of(event.merchant_id):
        # What a bank asks back waits for its answer; then the voucher's own end pays back the rest.
        if dispute_wait.is_waiting(order.pk):
            continue
        cancellation.cancel(order_id=order.pk, cause=SHOP_CLOSED, actor=Actor.system(), at=at)

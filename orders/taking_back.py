"""Money of a settled order comes back into its escrow: from the shop (balance, reserve, deposit), else the
fund."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from orders.models import Order
from orders.states import HELD_STATES
from payments import accounts, payers


def fill(
    order: Order, amount: Money, *, purpose: str, actor: Actor, at: datetime, with_fund: bool = True
) -> Money:
    """See to it that `amount` lies in the escrow of a locked order; gives how much of it does.

    Never another buyer's money. What else lies there is a refund that failed on its way, and isn't there for
    this. Once per `purpose`. Without the fund it may be less.
    """
    there = order.unreleased if order.state in HELD_STATES else Money.zero(order.currency)
    missing = amount - there
    if missing.minor <= 0:
        return amount
    given = payers.gather(
        reference=order.pk,
        merchant_id=order.merchant_id,
        wanted=missing,
        into=accounts.escrow(order.pk),
        purpose=purpose,
        actor=actor,
        at=at,
        with_fund=with_fund,
    )
    if order.released_minor and order.state in HELD_STATES:
        # What the uses of services had released lies in escrow again.
        order.released_minor -= min(given.all.minor, order.released_minor)
        order.save(update_fields=["released_minor"])
    return there + given.all

"""Money of a settled order comes back into its escrow: from the shop (balance, reserve), else the fund."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from orders.models import Order
from orders.states import HELD_STATES
from payments import escrow, fund


def fill(order: Order, amount: Money, *, purpose: str, actor: Actor, at: datetime) -> None:
    """See to it that `amount` lies in the escrow of a locked order; never another buyer's money.

    What else lies there is a refund that failed on its way, and isn't there for this. Once per `purpose`.
    """
    missing = amount - (order.left if order.state in HELD_STATES else Money.zero(order.currency))
    if missing.minor <= 0:
        return
    available = escrow.within_reach(order.merchant_id, order.currency)
    taken = max(min(missing, available), Money.zero(order.currency))
    whose = {"reference": order.pk, "merchant_id": order.merchant_id}
    if taken:
        escrow.take_back(**whose, amount=taken, purpose=purpose, actor=actor, at=at)
    if missing - taken:
        fund.advance(**whose, amount=missing - taken, purpose=purpose, actor=actor, at=at)

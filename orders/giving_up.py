"""Pieces that never reach the buyer: their share of the money goes back, to the fen and at once."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from orders import asking, refund_sums, refunding
from orders.models import Order
from orders.packing import Pieces

# Which pieces a line counts where.
CANCELLED, UNDELIVERED = "cancelled_quantity", "undelivered_quantity"


def give_up(order: Order, pieces: Pieces, *, counted: str, purpose: str, actor: Actor, at: datetime) -> Money:
    """Count so many pieces of a locked order as gone, and refund what was paid for them.

    `purpose` is unique per order. Gives what went back, freight included, less what a case paid before.
    """
    found = _quote(order, pieces)
    for (line, units), step in zip(pieces, found.steps, strict=True):
        setattr(line, counted, getattr(line, counted) + units)
        line.refunded_minor += step.amount.minor
        line.save(update_fields=[counted, "refunded_minor"])
    amount = min(found.amount, order.left)
    if amount:
        refunding.give_back(order, amount=amount, purpose=purpose, actor=actor, at=at)
    return amount


def worth(order: Order, pieces: Pieces) -> Money:
    """What would go back for them, shown before anybody decides."""
    return min(_quote(order, pieces).amount, order.left)


def _quote(order: Order, pieces: Pieces) -> refund_sums.RefundSum:
    asked = [(asking.paid(line), units) for line, units in pieces]
    return refund_sums.quote(asked=asked, currency=order.currency)

"""What happens to orders whose shop confirms first, between the order and the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.events import event
from orders.events import OrderFact


@event("orders.OrderReserved")
@dataclass(frozen=True, slots=True)
class OrderReserved(OrderFact):
    """The payer's bank reserves the sum until the shops of the purchase have decided, by `until` at last."""

    total_minor: int
    until: datetime


@event("orders.ConfirmationAsked")
@dataclass(frozen=True, slots=True)
class ConfirmationAsked(OrderFact):
    """The shop has until `confirm_by` to say whether it can deliver; `taken`: it was paid already."""

    confirm_by: datetime
    taken: bool


@event("orders.OrderConfirmed")
@dataclass(frozen=True, slots=True)
class OrderConfirmed(OrderFact):
    taken: bool

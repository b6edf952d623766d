"""The states of orders and returns and the tables of moves between them; nothing else decides a state."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class OrderState(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    SETTLED = "settled"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ReturnState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    POSTED = "posted"
    RECEIVED = "received"
    REFUNDED = "refunded"
    CLOSED = "closed"
    REFUSED = "refused"


_O = OrderState
_R = ReturnState

# `pay_late` is the one way back from an ending: money that arrived after the order had expired and
# found the goods still there (reliability.md K4).
ORDER = Lifecycle(
    "order",
    OrderState,
    pay=({_O.AWAITING_PAYMENT}, _O.PAID),
    pay_late=({_O.EXPIRED}, _O.PAID),
    expire=({_O.AWAITING_PAYMENT}, _O.EXPIRED),
    cancel=({_O.AWAITING_PAYMENT, _O.PAID}, _O.CANCELLED),
    ship=({_O.PAID}, _O.SHIPPED),
    confirm_delivery=({_O.SHIPPED}, _O.DELIVERED),
    settle=({_O.DELIVERED}, _O.SETTLED),
    refund=({_O.PAID, _O.SHIPPED, _O.DELIVERED}, _O.REFUNDED),
)

RETURN = Lifecycle(
    "return",
    ReturnState,
    accept=({_R.ASKED}, _R.ACCEPTED),
    post=({_R.ACCEPTED}, _R.POSTED),
    receive=({_R.ACCEPTED, _R.POSTED}, _R.RECEIVED),
    refund=({_R.POSTED, _R.RECEIVED}, _R.REFUNDED),
    refuse=({_R.ASKED, _R.RECEIVED}, _R.REFUSED),
    close=({_R.ASKED, _R.ACCEPTED, _R.POSTED, _R.REFUSED}, _R.CLOSED),
    reopen=({_R.CLOSED}, _R.ACCEPTED),
)

# An open return keeps the money where it is. A refused one stays open: the buyer has seven days to
# object, and silence turns it into a complaint by itself (silence table).
OPEN_RETURN_STATES = frozenset({_R.ASKED, _R.ACCEPTED, _R.POSTED, _R.RECEIVED, _R.REFUSED})
# States whose escrow account must hold exactly what was paid less what went back.
HELD_STATES = frozenset({_O.PAID, _O.SHIPPED, _O.DELIVERED})
# Where the trade is over: the law's years of keeping its record count from there.
ENDED_STATES = frozenset({_O.SETTLED, _O.REFUNDED, _O.CANCELLED, _O.EXPIRED})

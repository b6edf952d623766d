"""The states of orders and returns and the tables of moves between them; nothing else decides a state."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class OrderState(StrEnum):
    """`reserved`: the sum lies at the payer's bank, and a shop of the purchase still has to confirm."""

    AWAITING_PAYMENT = "awaiting_payment"
    RESERVED = "reserved"
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


class ClaimState(StrEnum):
    """Of a fault claim: goods that are to be repaired or exchanged."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    POSTED = "posted"
    RECEIVED = "received"
    IN_HAND = "in_hand"
    SENT = "sent"
    ARRIVED = "arrived"
    DONE = "done"
    REFUNDED = "refunded"
    CLOSED = "closed"
    REFUSED = "refused"


class MessageSeat(StrEnum):
    """Who writes in an order's thread."""

    BUYER = "buyer"
    MERCHANT = "merchant"


class WayKind(StrEnum):
    """How the goods of an order come to its buyer."""

    STANDARD = "standard"
    EXPRESS = "express"
    PICKUP = "pickup"
    # Nothing comes at all: services, of which each piece is redeemed.
    VOUCHER = "voucher"


class ReportCause(StrEnum):
    """Why one side of a thread reports a message of the other."""

    OFF_PLATFORM = "off_platform"
    THREAT = "threat"
    INSULT = "insult"
    PRIVATE_DATA = "private_data"
    FRAUD = "fraud"
    OTHER = "other"


class ReportOutcome(StrEnum):
    """What staff made of it: hidden from both sides, its writer warned, or nothing wrong with it."""

    HIDDEN = "hidden"
    WARNED = "warned"
    NO_BREACH = "no_breach"


_O = OrderState
_R = ReturnState
_C = ClaimState

# `decline`, `lapse`: the shop said no, or nothing in its time, and nothing was taken.
# `pay_late` is the one way back from an ending: money that arrived after the order had expired and
# found the goods still there (reliability.md K4).
ORDER = Lifecycle(
    "order",
    OrderState,
    reserve=({_O.AWAITING_PAYMENT}, _O.RESERVED),
    pay=({_O.AWAITING_PAYMENT, _O.RESERVED}, _O.PAID),
    pay_late=({_O.EXPIRED}, _O.PAID),
    expire=({_O.AWAITING_PAYMENT}, _O.EXPIRED),
    cancel=({_O.AWAITING_PAYMENT, _O.RESERVED, _O.PAID}, _O.CANCELLED),
    decline=({_O.RESERVED}, _O.CANCELLED),
    lapse=({_O.RESERVED}, _O.CANCELLED),
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

# `turn`: a repair becomes an exchange; `end`: the order's money is all back, so nothing is left to mend.
CLAIM = Lifecycle(
    "claim",
    ClaimState,
    accept=({_C.ASKED}, _C.ACCEPTED),
    post=({_C.ACCEPTED}, _C.POSTED),
    receive=({_C.ACCEPTED, _C.POSTED}, _C.RECEIVED),
    take_on=({_C.RECEIVED}, _C.IN_HAND),
    turn=({_C.IN_HAND}, _C.IN_HAND),
    send=({_C.IN_HAND}, _C.SENT),
    arrive=({_C.SENT}, _C.ARRIVED),
    confirm=({_C.ARRIVED}, _C.DONE),
    refund=({_C.POSTED, _C.RECEIVED, _C.IN_HAND, _C.SENT}, _C.REFUNDED),
    refuse=({_C.ASKED, _C.RECEIVED}, _C.REFUSED),
    close=({_C.ASKED, _C.ACCEPTED, _C.POSTED, _C.REFUSED}, _C.CLOSED),
    end=({_C.RECEIVED, _C.IN_HAND}, _C.CLOSED),
)

# An open return keeps the money where it is. A refused one stays open: the buyer has seven days to
# object, and silence turns it into a complaint by itself (silence table).
OPEN_RETURN_STATES = frozenset({_R.ASKED, _R.ACCEPTED, _R.POSTED, _R.RECEIVED, _R.REFUSED})
# A claim keeps the money, too, until the buyer holds sound goods or the money.
ENDED_CLAIM_STATES = frozenset({_C.DONE, _C.REFUNDED, _C.CLOSED})
OPEN_CLAIM_STATES = frozenset(set(ClaimState) - ENDED_CLAIM_STATES)
# States whose escrow account must hold exactly what was paid less what went back.
HELD_STATES = frozenset({_O.PAID, _O.SHIPPED, _O.DELIVERED})
# Where the trade is over: the law's years of keeping its record count from there.
ENDED_STATES = frozenset({_O.SETTLED, _O.REFUNDED, _O.CANCELLED, _O.EXPIRED})

"""What a shop's server can be told of; a topic is what an event's name begins with."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class Topic(StrEnum):
    ORDER = "order"
    RETURN = "return"
    REFUND = "refund"
    COMPLAINT = "complaint"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    LISTING = "listing"


WORDS = {
    Topic.ORDER: N_("Orders: paid, sent, delivered, cancelled, settled"),
    Topic.RETURN: N_("Returns: asked, posted, received, refunded, refused"),
    Topic.REFUND: N_("Refunds that reached the buyer, or didn't"),
    Topic.COMPLAINT: N_("Complaints: opened, answered, agreed, decided"),
    Topic.DISPUTE: N_("Money that a buyer's bank asks back"),
    Topic.PAYOUT: N_("Payouts to your bank"),
    Topic.LISTING: N_("Products: on sale, taken down, sold out"),
}


OFFERED = tuple(Topic)


class Pause(StrEnum):
    """Why nothing is sent."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    MEMBER_LEFT = "member_left"


PAUSE_WORDS = {
    Pause.BY_HAND: N_("Paused by a member of the shop."),
    Pause.FAILING: N_("Paused: your server didn't take an event in time. Mend it, then go on."),
    Pause.MEMBER_LEFT: N_("Paused: who set this up is no owner any more. An owner can take it over."),
}

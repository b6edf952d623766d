"""What one side can offer the other: a sum, or something that the shop does."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from complaints.grounds import Wish


class Remedy(StrEnum):
    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    CORRECTION = "correction"
    APOLOGY = "apology"


# What the shop has to do; whatever isn't done in its time turns into a refund.
DONE_BY_SHOP = frozenset({Remedy.EXCHANGE, Remedy.REPAIR, Remedy.CORRECTION, Remedy.APOLOGY})

LABELS: dict[Remedy, object] = {
    Remedy.REFUND: _("Money back, and the buyer keeps the goods"),
    Remedy.EXCHANGE: _("Another one instead"),
    Remedy.REPAIR: _("A repair"),
    Remedy.CORRECTION: _("A correction"),
    Remedy.APOLOGY: _("An apology"),
}

# A wish that is no sum is met by the shop's doing; both kinds of refund are met by money.
_OF_WISH = {
    Wish.REFUND: Remedy.REFUND,
    Wish.PART_REFUND: Remedy.REFUND,
    Wish.EXCHANGE: Remedy.EXCHANGE,
    Wish.REPAIR: Remedy.REPAIR,
    Wish.CORRECTION: Remedy.CORRECTION,
}


def of_wish(wish: str) -> Remedy:
    """What meets a wish in full."""
    return _OF_WISH[Wish(wish)]

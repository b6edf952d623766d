"""Whether a business or a private person sells: what buyers are told before they order."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_

# The declaration of a person who sells used things of their own and doesn't trade.
USED_THINGS = "used"


class SellerKind(StrEnum):
    BUSINESS = "business"
    PRIVATE = "private"


SELLER_WORDS = {
    SellerKind.BUSINESS: N_("Business"),
    SellerKind.PRIVATE: N_("Private person, not a business"),
}

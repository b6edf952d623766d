"""What this room keeps: shops, who acts for them, what they accepted, and what was decided about them."""

from merchants.models.appeals import Appeal, AppealFile
from merchants.models.shops import GRADES, Acceptance, Membership, Merchant, MerchantMove, history

__all__ = [
    "GRADES",
    "Acceptance",
    "Appeal",
    "AppealFile",
    "Membership",
    "Merchant",
    "MerchantMove",
    "history",
]

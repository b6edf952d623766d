"""What this room keeps: shops, who acts for them, what they accepted, and what was decided about them."""

from merchants.models.shops import GRADES, Acceptance, Membership, Merchant, MerchantMove, history

__all__ = ["GRADES", "Acceptance", "Membership", "Merchant", "MerchantMove", "history"]

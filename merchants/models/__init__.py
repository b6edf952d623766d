"""What this room keeps: shops, who acts for them, what they showed, and what was decided about them."""

from merchants.models.appeals import Appeal, AppealFile
from merchants.models.documents import Document, DocumentMove
from merchants.models.penalties import Penalty
from merchants.models.shops import GRADES, Acceptance, Membership, Merchant, MerchantMove, history

__all__ = [
    "GRADES",
    "Acceptance",
    "Appeal",
    "AppealFile",
    "Document",
    "DocumentMove",
    "Membership",
    "Merchant",
    "MerchantMove",
    "Penalty",
    "history",
]

"""What this room keeps: shops, who acts for them, what they showed, and what was decided about them."""

from merchants.models.appeals import Appeal, AppealFile
from merchants.models.applications import Application, ApplicationTask, Check, PayoutAccount
from merchants.models.brands import Brand, BrandClaim, BrandLink, BrandPaper
from merchants.models.documents import Document, DocumentMove
from merchants.models.identity import IdentityChange, IdentityConfirmation, PettySale, PettyYear
from merchants.models.inspections import Inspection, InspectionFile, InspectionFinding, InspectionPlan
from merchants.models.invitations import Invitation
from merchants.models.penalties import Penalty
from merchants.models.shops import GRADES, Acceptance, Membership, Merchant, MerchantMove, history
from merchants.models.training import TrainingAttempt
from merchants.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent

__all__ = [
    "GRADES",
    "Acceptance",
    "Appeal",
    "AppealFile",
    "Application",
    "ApplicationTask",
    "Brand",
    "BrandClaim",
    "BrandLink",
    "BrandPaper",
    "Check",
    "Document",
    "DocumentMove",
    "IdentityChange",
    "IdentityConfirmation",
    "Inspection",
    "InspectionFile",
    "InspectionFinding",
    "InspectionPlan",
    "Invitation",
    "Membership",
    "Merchant",
    "MerchantMove",
    "PayoutAccount",
    "Penalty",
    "PettySale",
    "PettyYear",
    "TrainingAttempt",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
    "history",
]

"""Names of kinds and owners of deadlines in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext

from kernel.errors import N_

KINDS = {
    "orders.payment_expiry": N_("Pay the order"),
    "reserved.confirmation": N_("Confirm an order that is reserved"),
    "orders.dispatch": N_("Send the goods"),
    "orders.dispatch_limit": N_("Send the goods, last day"),
    "orders.parcel_silence": N_("Parcel scanned on its way"),
    "orders.parcel_answer": N_("Say whether you got the parcel"),
    "orders.return_window": N_("Return without a reason"),
    "orders.private_return": N_("Send back what isn't as described"),
    "orders.settlement": N_("Money to the seller"),
    "orders.return_answer": N_("Answer a return"),
    "orders.return_posting": N_("Post the return"),
    "orders.return_inspection": N_("Check returned goods"),
    "orders.return_refusal": N_("Object to a refused return"),
    "claims.answer": N_("Answer a repair or exchange"),
    "claims.posting": N_("Post the faulty goods"),
    "claims.inspection": N_("Look at the faulty goods"),
    "claims.repair": N_("Repair and send back"),
    "claims.repair_limit": N_("Repair, last day"),
    "claims.replacement": N_("Send other goods"),
    "claims.receipt": N_("Say whether the goods work"),
    "claims.refusal": N_("Object to a refused repair or exchange"),
    "covers.answer": N_("An insurer's answer to a claim"),
    "merchants.application": N_("Decide an application to sell"),
    "merchants.application_draft": N_("Go on with an application to sell"),
    "merchants.recheck": N_("Check a shop's identity again"),
    "merchants.change_report": N_("Report what changed about a shop"),
    "merchants.change_shown": N_("Show a reported change of a shop"),
    "merchants.petty_licence": N_("Register above the line for petty trade"),
    "merchants.document_review": N_("Check a document of a shop"),
    "merchants.document_warning": N_("Warn that a document ends"),
    "merchants.document_expiry": N_("A document of a shop ends"),
    "accounts.recovery": N_("Give an account back to its owner"),
    "complaints.answer": N_("Answer a complaint"),
    "complaints.offer": N_("Say yes or no to an answer"),
    "complaints.counter": N_("Say yes or no to what the buyer asks for instead"),
    "complaints.performance": N_("Do what was agreed in a case"),
    "complaints.check": N_("Say whether what was agreed is done"),
    "complaints.decision_target": N_("Decide a case, our target"),
    "complaints.decision": N_("Decide a case, our limit"),
    "catalog.certificate_warning": N_("Renew a certificate, first warning"),
    "catalog.certificate_expiry": N_("Renew a certificate"),
    "order_messages.report": N_("Answer a report of a message"),
    "catalog.report": N_("Answer a report of an illegal offer"),
    "oversight.decision": N_("Decide a reported violation"),
    "oversight.senior": N_("Decide a reported violation that is late"),
    "oversight.answer": N_("A shop's answer to a reported violation"),
    "catalog.schema_grace": N_("Complete goods that fall short"),
    "payments.card_payment": N_("Pay the gift card"),
    "payments.difference": N_("Look into a difference with a payment provider"),
    "payments.dispute_evidence": N_("Answer a dispute of a payer's bank"),
    "payments.authorisation": N_("What is reserved at your bank is let go, and nothing was taken"),
    "payments.points_expiry": N_("Use points before they end"),
    "payments.shop_points_expiry": N_("Use the shop's points before they end"),
    "payments.deposit": N_("Fill the shop's deposit"),
    "payments.deposit_payment": N_("Pay the deposit in"),
    "payments.deposit_back": N_("The deposit of a shop that has left"),
    "payments.reserve": N_("What stayed back of a sale is freed"),
    "privacy.guardian_proof": N_("Compare a guardian's proof"),
    "accounts.emergency_review": N_("Review an emergency of staff"),
}
OWNERS = {
    "buyer": N_("Buyer"),
    "merchant": N_("Merchant"),
    "platform": N_("Anxin"),
    "carrier": N_("Carrier"),
    "provider": N_("Payment provider"),
}
CAUSES = {
    "extended": N_("Extended"),
    "recounted": N_("Counted again with the year's calendar"),
    "resumed": N_("Ran on after a pause"),
}


def kind_name(kind: str) -> str:
    """A kind without a name of its own is shown as it is."""
    return gettext(KINDS[kind]) if kind in KINDS else kind


def owner_name(owner: str) -> str:
    return gettext(OWNERS[owner]) if owner in OWNERS else owner


def cause_name(cause: str) -> str:
    return gettext(CAUSES[cause])

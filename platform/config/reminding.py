"""Which letter goes out before a deadline, and to whom: the readable table."""

from __future__ import annotations

from accounts import privacy_letters
from accounts import reminding as accounts_reminding
from catalog import reminding as catalog_reminding
from catalog import review_letters
from complaints import reminding as complaints_reminding
from merchants import appeal_letters, closing_letters, inspection_letters, penalty_letters
from merchants import reminding as merchants_reminding
from notifications.reminders import LetterBefore
from orders import campaign_letters
from orders import reminding as orders_reminding
from orders.cover import letters as cover_letters
from orders.invoices import letters as invoice_letters
from orders.messages import report_letters
from orders.messages import telling as message_telling
from oversight import reminding as oversight_reminding
from payments import reminding as payments_reminding

# Kind → the letter before its instant (texts in templates/letters/deadlines) and who reads it; when it
# goes out stands in the policy letters.before.
LETTERS_BEFORE: dict[str, LetterBefore] = {
    "accounts.recovery": LetterBefore("deadlines.account_recovery", accounts_reminding.owner_of_freeze),
    "accounts.emergency_review": LetterBefore(
        "deadlines.emergency_review", accounts_reminding.reviewers_of_emergency
    ),
    "privacy.breach": LetterBefore("deadlines.breach", accounts_reminding.officers_of_breach),
    "privacy.assessment_review": LetterBefore(
        "deadlines.assessment_review", accounts_reminding.officers_of_assessment
    ),
    "privacy.guardian_proof": LetterBefore("deadlines.guardian_proof", accounts_reminding.officers_of_proof),
    "privacy.age_border": LetterBefore("deadlines.age_border", accounts_reminding.person_at_border),
    "merchants.application_draft": LetterBefore(
        "deadlines.application_draft", merchants_reminding.applicant_of_draft
    ),
    "merchants.application": LetterBefore("deadlines.application", merchants_reminding.desk_of_application),
    "merchants.recheck": LetterBefore("deadlines.recheck", merchants_reminding.owners_of_shop),
    "merchants.training_ends": LetterBefore(
        "deadlines.training_ends", merchants_reminding.person_of_training
    ),
    "merchants.change_report": LetterBefore("deadlines.change_report", merchants_reminding.owners_of_shop),
    "merchants.change_shown": LetterBefore("deadlines.change_shown", merchants_reminding.desk_of_change),
    "merchants.petty_licence": LetterBefore("deadlines.petty_licence", merchants_reminding.owners_of_shop),
    "merchants.document_expiry": LetterBefore(
        "deadlines.document_expiry", merchants_reminding.owners_of_document
    ),
    "merchants.document_review": LetterBefore(
        "deadlines.document_review", merchants_reminding.desk_of_document
    ),
    "catalog.certificate_expiry": LetterBefore(
        "deadlines.certificate_expiry", catalog_reminding.shop_of_certificate
    ),
    "catalog.report": LetterBefore("deadlines.listing_report", catalog_reminding.desk_of_report),
    "catalog.paper_grace": LetterBefore("deadlines.paper_grace", catalog_reminding.shop_of_papers),
    "catalog.schema_grace": LetterBefore("deadlines.schema_grace", catalog_reminding.shop_of_notice),
    "orders.payment_expiry": LetterBefore("deadlines.payment_expiry", orders_reminding.payer_of_purchase),
    "orders.dispatch": LetterBefore("deadlines.dispatch", orders_reminding.shop_of_order),
    "orders.dispatch_limit": LetterBefore("deadlines.dispatch_limit", orders_reminding.shop_of_order),
    "reserved.confirmation": LetterBefore("deadlines.confirmation", orders_reminding.shop_of_order),
    "delivery.express": LetterBefore("deadlines.express", orders_reminding.shop_of_order),
    "delivery.pickup": LetterBefore("deadlines.pickup", orders_reminding.buyer_of_order),
    "delivery.voucher": LetterBefore("deadlines.voucher", orders_reminding.buyer_of_order),
    "delivery.voucher_use": LetterBefore("deadlines.voucher_use", orders_reminding.buyer_of_use),
    "delivery.appointment": LetterBefore("deadlines.appointment", orders_reminding.buyer_of_appointment),
    "orders.parcel_silence": LetterBefore("deadlines.parcel_silence", orders_reminding.shop_of_parcel),
    "returns.collection": LetterBefore("deadlines.collection", orders_reminding.buyer_of_collection),
    "orders.parcel_answer": LetterBefore("deadlines.parcel_answer", orders_reminding.buyer_of_parcel),
    "orders.return_window": LetterBefore("deadlines.return_window", orders_reminding.buyer_of_order),
    "orders.private_return": LetterBefore("deadlines.private_return", orders_reminding.buyer_of_order),
    "orders.promise_payment": LetterBefore("deadlines.promise_payment", orders_reminding.shop_of_promise),
    "orders.promise_refund": LetterBefore("deadlines.promise_refund", orders_reminding.shop_of_return),
    "orders.promise_answer": LetterBefore("deadlines.promise_answer", complaints_reminding.shop_that_answers),
    "order_messages.answer": LetterBefore("deadlines.order_message", message_telling.shop_of_turn),
    "order_messages.report": LetterBefore("deadlines.message_report", report_letters.desk_of_report),
    "invoices.paper": LetterBefore("deadlines.invoice", invoice_letters.shop_of_paper),
    "orders.settlement": LetterBefore("deadlines.settlement", orders_reminding.buyer_of_order),
    "orders.return_answer": LetterBefore("deadlines.return_answer", orders_reminding.shop_of_return),
    "orders.return_posting": LetterBefore("deadlines.return_posting", orders_reminding.buyer_of_return),
    "orders.return_inspection": LetterBefore("deadlines.return_inspection", orders_reminding.shop_of_return),
    "orders.return_refusal": LetterBefore("deadlines.return_refusal", orders_reminding.buyer_of_return),
    "claims.answer": LetterBefore("deadlines.claim_answer", orders_reminding.shop_of_claim),
    "claims.posting": LetterBefore("deadlines.claim_posting", orders_reminding.buyer_of_claim),
    "claims.inspection": LetterBefore("deadlines.claim_inspection", orders_reminding.shop_of_claim),
    "claims.repair": LetterBefore("deadlines.claim_repair", orders_reminding.shop_of_claim),
    "claims.repair_limit": LetterBefore("deadlines.claim_repair_limit", orders_reminding.shop_of_claim),
    "claims.replacement": LetterBefore("deadlines.claim_replacement", orders_reminding.shop_of_claim),
    "claims.receipt": LetterBefore("deadlines.claim_receipt", orders_reminding.buyer_of_claim),
    "claims.refusal": LetterBefore("deadlines.claim_refusal", orders_reminding.buyer_of_claim),
    "covers.answer": LetterBefore("deadlines.cover_answer", cover_letters.desk_of_claim),
    "campaigns.answer": LetterBefore("deadlines.campaign_entry", campaign_letters.desk_of_entry),
    "complaints.answer": LetterBefore("deadlines.complaint_answer", complaints_reminding.shop_of_case),
    "complaints.offer": LetterBefore("deadlines.complaint_offer", complaints_reminding.buyer_of_case),
    "complaints.counter": LetterBefore("deadlines.complaint_counter", complaints_reminding.shop_of_case),
    "complaints.performance": LetterBefore(
        "deadlines.complaint_performance", complaints_reminding.shop_of_case
    ),
    "complaints.check": LetterBefore("deadlines.complaint_check", complaints_reminding.buyer_of_case),
    "complaints.decision_target": LetterBefore(
        "deadlines.complaint_decision", complaints_reminding.reviewers
    ),
    "complaints.decision": LetterBefore("deadlines.complaint_decision", complaints_reminding.reviewers),
    "catalog.review": LetterBefore("deadlines.listing_review", review_letters.reviewers_of_submission),
    "merchants.appeal": LetterBefore("deadlines.merchant_appeal", appeal_letters.reviewers_of_appeal),
    "merchants.exit": LetterBefore("deadlines.merchant_exit", closing_letters.owners_of_closing),
    "merchants.penalty_answer": LetterBefore("deadlines.penalty_answer", penalty_letters.owners_of_penalty),
    "merchants.penalty_hearing": LetterBefore("deadlines.penalty_hearing", penalty_letters.desk_of_penalty),
    "merchants.penalty_end": LetterBefore("deadlines.penalty_end", penalty_letters.owners_of_penalty),
    "merchants.penalty_publish": LetterBefore("deadlines.penalty_publish", penalty_letters.desk_of_penalty),
    "merchants.inspection_due": LetterBefore(
        "deadlines.inspection_due", inspection_letters.desk_of_inspection
    ),
    "merchants.inspection_rectify": LetterBefore(
        "deadlines.inspection_rectify", inspection_letters.owners_of_inspection
    ),
    "merchants.inspection_review": LetterBefore(
        "deadlines.inspection_review", inspection_letters.desk_of_inspection
    ),
    "oversight.decision": LetterBefore("deadlines.oversight_decision", oversight_reminding.desk_of_matter),
    "oversight.senior": LetterBefore("deadlines.oversight_decision", oversight_reminding.seniors_of_matter),
    "oversight.answer": LetterBefore("deadlines.oversight_answer", oversight_reminding.shop_of_matter),
    "payments.card_payment": LetterBefore("deadlines.card_payment", payments_reminding.buyer_of_card),
    "payments.difference": LetterBefore("deadlines.difference", payments_reminding.desk_of_difference),
    "payments.dispute_evidence": LetterBefore("deadlines.dispute", payments_reminding.desk_of_dispute),
    "payments.points_expiry": LetterBefore("deadlines.points_expiry", payments_reminding.owner_of_points),
    "payments.shop_points_expiry": LetterBefore(
        "deadlines.shop_points_expiry", payments_reminding.shop_of_points
    ),
    "payments.deposit": LetterBefore("deadlines.deposit", payments_reminding.owners_of_deposit),
    "privacy.request": LetterBefore("deadlines.data_request", privacy_letters.officers_of_request),
    "privacy.cooling_off": LetterBefore("deadlines.erasure", privacy_letters.person_of_erasure),
}

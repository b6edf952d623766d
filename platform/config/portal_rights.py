"""What the portal's role may touch, table by table, and whose the rows of the rooms below the shops are.

A page of the portal that needs more fails with "permission denied": add the narrowest line here, and a
condition if the rows belong to somebody. Tables that are not named are closed to merchants.
"""

from __future__ import annotations

_SHOP, _PERSON = "(SELECT anxin_shop())", "(SELECT anxin_person())"


def _through(column: str, *tables: str) -> str:
    """The row is about something of the shop; each table's own policy decides whether it is."""
    return " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" mine WHERE mine."id" = {column})' for table in tables
    )


def _known_to_the_shop(column: str) -> str:
    """A person who bought here, complained or wrote about the shop, the shop itself, or who acts for it."""
    return f"{column} = {_PERSON} OR " + " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" mine WHERE mine."subject_id" = {column})'
        for table in (
            "merchants_merchant",
            "merchants_membership",
            "orders_order",
            "complaints_complaint",
            "credit_review",
        )
    )


_ESCROW = "substring(payments_posting.account from '^escrow:(.*)$')::uuid"

# Rows without a shop's column: table → condition.
SHARED: dict[str, str] = {
    "accounts_apitoken": f"accounts_apitoken.merchant_id = {_SHOP}",
    "web_idempotencykey": f"scope IN ('buyer:' || {_PERSON}, 'member:' || {_PERSON})",
    "deadlines_deadline": _through(
        "deadlines_deadline.reference",
        "orders_order",
        "orders_return",
        "orders_faultclaim",
        "orders_shipment",
        "orders_voucheruse",
        "orders_appointment",
        "orders_invoicepaper",
        "orders_campaignentry",
        "orders_messageturn",
        "complaints_complaint",
        "catalog_listing",
        "catalog_submission",
        "merchants_merchant",
        "merchants_document",
        "merchants_identitychange",
        "merchants_appeal",
        "merchants_penalty",
        "merchants_inspection",
        "oversight_matter",
    ),
    "deadlines_deadlinechange": _through("deadlines_deadlinechange.deadline_id", "deadlines_deadline"),
    # Anybody's look is written down; read is only one's own, to notice a person who looks at too many.
    "privacy_accessrecord": f"privacy_accessrecord.actor LIKE '%:' || {_PERSON}",
    "privacy_export": f"privacy_export.actor LIKE '%:' || {_PERSON}",
    "privacy_subjectkey": _known_to_the_shop("privacy_subjectkey.subject_id"),
    "privacy_storedfile": _known_to_the_shop("privacy_storedfile.subject_id"),
    "payments_refund": _through("payments_refund.reference", "orders_order"),
    "payments_ledgerentry": _through("payments_ledgerentry.reference", "orders_order")
    + ' OR EXISTS (SELECT 1 FROM "payments_paymentpart" mine'
    " WHERE mine.payment_id = payments_ledgerentry.reference)",
    "payments_posting": f"payments_posting.account IN ('merchant:' || {_SHOP} || ':available',"
    f" 'merchant:' || {_SHOP} || ':deposit')"
    f" OR EXISTS (SELECT 1 FROM orders_order mine WHERE mine.id = {_ESCROW})"
    " OR ((payments_posting.account = 'fees:platform' OR payments_posting.account LIKE 'tax:%') AND EXISTS"
    " (SELECT 1 FROM payments_ledgerentry mine WHERE mine.id = payments_posting.entry_id))",
}

_READ, _ADD, _CHANGE = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE"
_SEE_AND_CHANGE = "SELECT, UPDATE"
# Locking a row asks for the right to change a column of it; this one nobody can change.
_LOCK = "SELECT, UPDATE (id)"

# Table → what the portal's pages and their use cases do with it. No DELETE anywhere.
RIGHTS: dict[str, str] = {
    # The shop and who acts for it
    "merchants_merchant": "SELECT, UPDATE (id, closing_at, promises)",
    "merchants_invitation": _CHANGE,
    "merchants_membership": _READ,
    "merchants_merchantmove": _READ,
    "merchants_appeal": _ADD,
    "merchants_penalty": _SEE_AND_CHANGE,
    "merchants_inspection": _SEE_AND_CHANGE,
    "merchants_inspectionfinding": _READ,
    "merchants_inspectionfile": _ADD,
    "merchants_appealfile": _ADD,
    "merchants_document": _CHANGE,
    "merchants_brand": _ADD,
    "merchants_brandclaim": _CHANGE,
    "merchants_brandlink": _ADD,
    "merchants_brandpaper": _ADD,
    "merchants_identitychange": _ADD,
    "merchants_identityconfirmation": _ADD,
    "merchants_documentmove": _ADD,
    "accounts_apitoken": _CHANGE,
    "merchants_webhook": _CHANGE,
    "merchants_webhookevent": _READ,
    "merchants_webhookdelivery": _SEE_AND_CHANGE,
    "merchants_webhookattempt": _READ,
    "oversight_matter": _SEE_AND_CHANGE,
    "oversight_mattermove": _ADD,
    "oversight_ruling": _READ,
    # What it offers
    "catalog_bulkchange": _ADD,
    "catalog_category": _READ,
    "catalog_department": _READ,
    "catalog_categoryschema": _READ,
    "catalog_certificate": _CHANGE,
    "catalog_shoppromise": _CHANGE,
    "catalog_serialbatch": _ADD,
    "catalog_serialcode": _CHANGE,
    "catalog_serialcheck": _READ,
    "catalog_evaluation": _READ,
    "catalog_schemachange": _READ,
    "catalog_schemanotice": _READ,
    "catalog_papernotice": _READ,
    "catalog_listing": _CHANGE,
    "catalog_listingmove": _ADD,
    "catalog_listingrevision": _ADD,
    "catalog_importrun": _CHANGE,
    "catalog_importline": _READ,
    "catalog_picture": _CHANGE,
    "catalog_placement": _ADD,
    "catalog_placementday": _ADD,
    "catalog_freighttemplate": _CHANGE,
    "catalog_shopset": _CHANGE,
    "catalog_setrevision": _ADD,
    "catalog_setmember": _ADD,
    "catalog_pricehistory": _ADD,
    "catalog_deal": _READ,
    "catalog_dealvoid": _ADD,
    "catalog_reduction": _CHANGE,
    "catalog_campaignprice": _SEE_AND_CHANGE,
    "catalog_variant": _CHANGE,
    "catalog_submission": _CHANGE,
    "catalog_submissionmove": _ADD,
    "catalog_stock": _CHANGE,
    "catalog_stockchange": _ADD,
    "catalog_reservation": _SEE_AND_CHANGE,
    # What was bought from it, and came back
    "orders_order": _SEE_AND_CHANGE,
    "orders_orderline": _SEE_AND_CHANGE,
    "orders_linediscount": _READ,
    "orders_promotion": _CHANGE,
    "orders_campaign": _READ,
    "orders_campaignentry": _CHANGE,
    "orders_entrygoods": _ADD,
    "orders_invoice": _SEE_AND_CHANGE,
    "orders_invoicepaper": _CHANGE,
    "orders_invoicerow": _ADD,
    "orders_messagethread": _CHANGE,
    "orders_messageturn": _SEE_AND_CHANGE,
    "orders_ordermessage": _ADD,
    "orders_messagefile": _ADD,
    "orders_messagereport": _READ,
    "orders_coupon": _READ,
    "orders_ordermove": _ADD,
    "orders_promiserecord": _READ,
    "orders_orderhold": _SEE_AND_CHANGE,
    "orders_servicepoint": _CHANGE,
    "orders_pointcode": _CHANGE,
    "orders_voucher": _SEE_AND_CHANGE,
    "orders_voucheruse": _CHANGE,
    "orders_slot": _CHANGE,
    "orders_appointment": _SEE_AND_CHANGE,
    "orders_shipment": _CHANGE,
    "orders_parcelline": _ADD,
    "orders_scan": _READ,
    "orders_return": _SEE_AND_CHANGE,
    "orders_returnline": _SEE_AND_CHANGE,
    "orders_returnmove": _ADD,
    "orders_returnlabel": _READ,
    "orders_faultclaim": _SEE_AND_CHANGE,
    "orders_claimphoto": _READ,
    "orders_claimmove": _ADD,
    # Its cases
    "complaints_complaint": _SEE_AND_CHANGE,
    "complaints_complaintmove": _ADD,
    "complaints_statement": _ADD,
    "complaints_exhibit": _ADD,
    "complaints_offer": _ADD,
    "complaints_decision": _READ,
    # What its conduct adds up to
    "credit_entry": _READ,
    "credit_grading": _READ,
    "credit_review": _LOCK,
    "credit_reviewnote": _ADD,
    # Its money is moved by the platform (web.tenancy.widened) and only read here
    "payments_ledgerentry": _READ,
    "payments_posting": _READ,
    "payments_paymentpart": _READ,
    "payments_refund": _READ,
    "payments_disputeshare": _READ,
    "payments_payout": _READ,
    "payments_award": _READ,
    # What every step writes
    "deadlines_deadline": _CHANGE,
    "deadlines_deadlinechange": _ADD,
    "evidence_leaf": "INSERT",
    "outbox_message": "INSERT, SELECT (next_at)",
    "outbox_platformclock": _READ,
    "web_idempotencykey": _CHANGE,
    # What opens a buyer's fields, and the line that each look leaves
    "privacy_subjectkey": _READ,
    "privacy_keynotice": _READ,
    "privacy_storedfile": _CHANGE,
    "privacy_accessrecord": _ADD,
    "privacy_export": _ADD,
    # The law
    "rulebook_calendarversion": _READ,
    "rulebook_packversion": _READ,
    "rulebook_policy": _READ,
    "rulebook_ruletext": _READ,
}

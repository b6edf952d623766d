"""What this app holds about people, for the privacy inventory."""

FIELDS = {
    "merchants.Merchant.contact_name": "the contact person, encrypted, kept while trading and 3 years after",
    "merchants.Merchant.contact_phone": "the contact person's telephone, encrypted, kept as long as the name",
    "merchants.Membership.subject_id": "who acts for a merchant, a pseudonym, kept 3 years after the end",
    "merchants.Acceptance.actor": "who accepted a text for a merchant, a pseudonym",
    "merchants.MerchantMove.actor": "who decided about a merchant, a pseudonym",
}

"""What this app holds about people, for the privacy inventory."""

FIELDS = {
    "payments.Payment.payer_subject_id": "who pays, a pseudonym, kept with the books as long as the law asks",
    "payments.LedgerEntry.actor": "who moved money, a pseudonym, kept with the books",
    "payments.Move.actor": "who moved a payment, refund or payout on, a pseudonym, kept with the books",
}

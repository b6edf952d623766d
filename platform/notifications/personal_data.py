"""What this app holds about people, for the privacy inventory."""

FIELDS = {
    "notifications.Addressee.email": "where letters go, encrypted, kept while an account or order is open",
    "notifications.Addressee.phone": "where messages go, encrypted, kept as long as the address",
    "notifications.Addressee.email_index": "a keyed digest to find the address, kept as long as the address",
    "notifications.Addressee.phone_index": "a keyed digest to find the number, kept as long",
    "notifications.Addressee.locale": "the language of letters",
    "notifications.Mute.subject_id": "who keeps a kind of letter out of the mail, a pseudonym",
    "notifications.Letter.subject_id": "whom a letter was written to, a pseudonym",
    "notifications.Letter.read_at": "when a letter was marked as read",
}

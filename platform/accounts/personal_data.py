"""What this app holds about people, for the privacy inventory."""

FIELDS = {
    "accounts.User.display_name": "what to call the person, encrypted, kept as long as the account",
    "accounts.User.pseudonym": "a keyed digest of the address for signing in, kept as long as the account",
    "accounts.User.subject_id": "whom the account belongs to, a pseudonym",
    "accounts.User.password": "a salted hash of the password, kept as long as the account",
    "accounts.User.last_login": "the last sign-in, kept as long as the account",
    "account.EmailAddress.email": "the same keyed digest in allauth's table, kept as long as the account",
}

"""What personal data this app holds, why, and how long."""

from __future__ import annotations

FIELDS = {
    "credit.Review.subject_id": "whose review it is; pseudonymous; kept as long as the review",
    "credit.Review.nickname": "a masked name (one character and two stars) beside the public review; sealed"
    " under the buyer's key, unreadable after erasure",
    "credit.Review.text": "what the buyer chose to say in public; sealed under the buyer's key, so that"
    " erasing the account takes the words off every page and out of every backup; the scores stay",
    "credit.ReviewNote.text": "a follow-up or the shop's reply, public; sealed under its author's key",
}

"""What personal data this app holds, why, and how long."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity


def _published(column: str, *, subject: str = "subject_id") -> PersonalField:
    """Public while its author wants it so: the words go with the key, from backups too; scores stay."""
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.REVIEWS,
        Basis.CONSENT,
        (SeenBy.EVERYONE,),
        AtErasure.SHRED,
        subject=subject,
    )


def _pseudonym(column: str, *, subject: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.REVIEWS,
        Basis.LEGAL_DUTY,
        (SeenBy.REVIEWER,),
        AtErasure.STAYS,
        subject=subject,
        why="a pseudonym beside a score that others have relied on; without the key it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    _pseudonym("credit.Review.subject_id", subject="subject_id"),
    _published("credit.Review.nickname"),
    _published("credit.Review.text"),
    _pseudonym("credit.ReviewNote.author_subject_id", subject="author_subject_id"),
    _published("credit.ReviewNote.text", subject="author_subject_id"),
    _pseudonym("credit.Grading.actor", subject="actor__endswith"),
)
NOT_PERSONAL: dict[str, str] = {
    "credit.ReviewNote.seat": "a code of ours",
    "credit.Entry.kind": "a code of ours",
    "credit.Entry.component": "a code of ours",
    "credit.Grading.grade": "a grade of a shop",
    "credit.Grading.parts": "shares of a shop's conduct",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "credit.Review.nickname": N_("Your masked name beside a review"),
    "credit.Review.text": N_("Your review"),
    "credit.ReviewNote.text": N_("What you added to a review"),
}

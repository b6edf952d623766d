"""What this app holds about people, for the privacy inventory."""

from __future__ import annotations

from kernel.errors import N_
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity


def _letters(column: str, *, subject: str = "subject_id") -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.LETTERS,
        Basis.CONTRACT,
        erasure=AtErasure.DELETE_ROW,
        subject=subject,
    )


def _entered(column: str) -> PersonalField:
    return PersonalField(
        column,
        Sensitivity.GENERAL,
        Purpose.SECURITY,
        Basis.LEGAL_DUTY,
        (SeenBy.OFFICER,),
        AtErasure.STAYS,
        subject="entered_by__endswith",
        why="a pseudonym of who acted; without the subject's key it leads to nobody",
    )


FIELDS: tuple[PersonalField, ...] = (
    _letters("notifications.Addressee.email"),
    _letters("notifications.Addressee.phone"),
    _letters("notifications.Addressee.email_index"),
    _letters("notifications.Addressee.phone_index"),
    _letters("notifications.Addressee.locale"),
    _letters("notifications.Mute.subject"),
    _letters("notifications.Mute.kind"),
    _letters("notifications.Letter.subject"),
    _letters("notifications.Letter.read_at"),
    _letters("notifications.Letter.params"),
    _letters("notifications.Letter.locale"),
    _letters("notifications.Delivery.sent_at", subject="letter__subject_id"),
    _entered("notifications.Disruption.entered_by"),
    _entered("notifications.DisruptionUpdate.entered_by"),
)
NOT_PERSONAL: dict[str, str] = {
    "notifications.Letter.check_number": "a keyed number of the letter",
    "notifications.Letter.kind": "a code of ours",
    "notifications.Disruption.title": "what staff tell everybody about the platform",
    "notifications.Disruption.components": "codes of parts of the platform",
    "notifications.*.stage": "a code of ours",
    "notifications.DisruptionUpdate.words": "what staff tell everybody about the platform",
    "notifications.Delivery.channel": "a code of ours",
    "notifications.Delivery.failure": "the kind of a failure: a provider's own words may repeat the address",
}
# What the person calls it.
WORDS: dict[str, str] = {
    "notifications.Addressee.email": N_("E-mail address"),
    "notifications.Addressee.phone": N_("Telephone"),
}

"""Write a letter in the caller's transaction; copies leave after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kernel.errors import N_, DomainError
from kernel.ids import new_id
from notifications import addressees, checking, preferences
from notifications.kinds import Value, kind_named
from notifications.models import Addressee, Delivery, Letter
from notifications.params import to_stored
from privacy import consent

IN_APP = "in_app"


class NotAgreed(DomainError):
    code = "letter_not_agreed"
    message = N_("This person has not agreed to letters of this kind, so none was written.")


@transaction.atomic
def send(
    *, subject_id: UUID, kind: str, reference: UUID, params: Mapping[str, Value], at: datetime
) -> Letter:
    """`params` carry no personal data: numbers, sums, instants, public names.

    :raises UnknownKind: nobody registered `kind`
    :raises NotAgreed: it needs a consent that isn't there (any more)
    :raises WrongParameters: names differ from the kind's sample
    """
    known = kind_named(kind)
    if known.consent and not consent.given(subject_id=subject_id, purpose=known.consent, at=at):
        raise NotAgreed
    stored = to_stored(known, params)
    addressee = addressees.of(subject_id)
    letter_id = new_id()
    letter = Letter.objects.create(
        pk=letter_id,
        check_number=checking.number_of(letter_id),
        subject_id=subject_id,
        kind=kind,
        reference=reference,
        params=stored,
        locale=addressee.locale if addressee else "zh-hans",
        created_at=at,
    )
    muted = preferences.is_muted(subject_id=subject_id, kind=kind)
    left_out = {"email", "sms"} - ({_way_to(addressee)} if not muted else set())
    Delivery.objects.bulk_create(
        _copy(letter, channel, at=at) for channel in settings.NOTIFICATION_CHANNELS if channel not in left_out
    )
    return letter


def _way_to(addressee: Addressee | None) -> str:
    """By mail, or as a text to whoever has a number only; "" for whom nothing is known of."""
    if addressee is None:
        return ""
    return "email" if addressee.email_index else "sms" if addressee.phone_index else ""


def has_written(*, subject_id: UUID, reference: UUID, since: datetime) -> bool:
    """Whether a letter about this went to them since then: for reminders that must not become noise."""
    return Letter.objects.filter(subject_id=subject_id, reference=reference, created_at__gte=since).exists()


def _copy(letter: Letter, channel: str, *, at: datetime) -> Delivery:
    """In the inbox a letter has arrived when it is written; other copies wait for the sweep."""
    if channel == IN_APP:
        return Delivery(letter=letter, channel=channel, state=Delivery.State.SENT, sent_at=at)
    return Delivery(letter=letter, channel=channel, next_attempt_at=at)

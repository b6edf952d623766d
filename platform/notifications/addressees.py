"""Where a subject wants letters; the true address lives here, sealed, and nowhere else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications.models import Addressee
from privacy import blind_index


@transaction.atomic
def record(
    *,
    subject_id: UUID,
    at: datetime,
    email: str | None = None,
    phone: str | None = None,
    locale: str | None = None,
) -> Addressee:
    """Write down or change how to reach a subject; None leaves a part as it is, "" removes it."""
    addressee = of(subject_id) or Addressee(subject_id=subject_id, email="", phone="")
    if email is not None:
        addressee.email = email.strip()
        addressee.email_index = blind_index.email(email) if email.strip() else ""
    if phone is not None:
        addressee.phone = phone.strip()
        addressee.phone_index = blind_index.phone(phone) if phone.strip() else ""
    if locale is not None:
        addressee.locale = locale
    addressee.updated_at = at
    addressee.save()
    return addressee


def of(subject_id: UUID) -> Addressee | None:
    return Addressee.objects.filter(subject_id=subject_id).first()


def locale_of(subject_id: UUID) -> str:
    """The language of someone's letters; the house's own when nothing is known."""
    found = Addressee.objects.filter(subject_id=subject_id).values_list("locale", flat=True).first()
    return found or "zh-hans"


def with_email(address: str) -> UUID | None:
    """Whose letters go to exactly this address; the newest, if it was given twice."""
    return _newest(email_index=blind_index.email(address))


def with_phone(number: str) -> UUID | None:
    """Whose telephone this is."""
    return _newest(phone_index=blind_index.phone(number))


def _newest(**index: str) -> UUID | None:
    return (
        Addressee.objects.filter(**index).order_by("-updated_at").values_list("subject_id", flat=True).first()
    )

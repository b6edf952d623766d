"""Where a shop's money goes: one account at a time, sealed under the shop's key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from merchants import numbers
from merchants.models import Merchant, PayoutAccount


def record_account(merchant: Merchant, answers: Mapping[str, str], *, at: datetime) -> PayoutAccount:
    """Write the account of an application; the same again changes nothing."""
    number = numbers.normal(answers["number"])
    held = current(merchant.pk)
    if held is not None and (held.number, held.holder) == (number, answers["holder"]):
        return held
    if held is not None:
        held.ended_at = at
        held.save(update_fields=["ended_at"])
    made = PayoutAccount(merchant=merchant, subject_id=merchant.subject_id, bank=answers["bank"], since=at)
    made.holder, made.number = answers["holder"], number
    made.save(force_insert=True)
    return made


def current(merchant_id: UUID) -> PayoutAccount | None:
    return PayoutAccount.objects.filter(merchant_id=merchant_id, ended_at__isnull=True).first()

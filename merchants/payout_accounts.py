"""Where a shop's money goes: one account at a time, sealed under the shop's key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from kernel.actor import Actor
from merchants import numbers
from merchants.models import Merchant, PayoutAccount
from merchants.payout_channels import PayoutChannel
from rulebook import policies

HOLD = "payout.account_hold_hours"


def record_account(merchant: Merchant, answers: Mapping[str, str], *, at: datetime) -> PayoutAccount:
    """Write the account of an application; the same again changes nothing.

    A shop's first account may be used at once; one that follows another waits (policy, hours).
    """
    channel = PayoutChannel(answers.get("channel") or PayoutChannel.BANK)
    # Names of accounts at providers tell capitals apart; numbers of banks are written in many ways.
    given = answers["number"].strip()
    number = numbers.normal(given) if channel is PayoutChannel.BANK else given
    held = current(merchant.pk)
    if held is not None and (held.channel, held.number, held.holder) == (channel, number, answers["holder"]):
        return held
    usable_from = at
    if held is not None:
        usable_from = at + timedelta(hours=policies.number(HOLD, at))
        held.ended_at = at
        held.save(update_fields=["ended_at"])
    made = PayoutAccount(
        merchant=merchant,
        subject_id=merchant.subject_id,
        bank=answers["bank"],
        channel=channel,
        since=at,
        usable_from=usable_from,
    )
    made.holder, made.number = answers["holder"], number
    made.save(force_insert=True)
    return made


def current(merchant_id: UUID) -> PayoutAccount | None:
    return PayoutAccount.objects.filter(merchant_id=merchant_id, ended_at__isnull=True).first()


def mark_verified(account: PayoutAccount, *, actor: Actor, at: datetime) -> None:
    """Note that it is the shop's own; the first word stays."""
    if account.verified_at is None:
        account.verified_at, account.verified_by = at, str(actor)
        account.save(update_fields=["verified_at", "verified_by"])

"""The names of the ledger's accounts: text, so that a new kind needs no table."""

from __future__ import annotations

import re
from uuid import UUID

FEES = "fees:platform"
# What providers charged the platform for their work: below zero by what they kept.
CHARGES = "fees:provider"
FUND = "fund:protection"
# What merchants owe the fund, all together: the other side of their debts.
CLAIMS = "fund:claims"
# What a sum was worth more or less when it went back than when it came; on either side of nothing.
EXCHANGE = "fx:difference"
# Stands for a shop where the platform itself sells: gift cards.
PLATFORM = UUID(int=0)

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# The same pattern stands in the database's constraint: a misspelt account can't swallow money.
PATTERN = (
    rf"^(provider:[a-z][a-z0-9_]*|escrow:{_UUID}|suspense:{_UUID}"
    rf"|dispute:{_UUID}|merchant:{_UUID}:(available|deposit|reserve|debt|relief)|card:{_UUID}|points:{_UUID}"
    rf"|award:{_UUID}|campaign:{_UUID}|insurer:[a-z][a-z0-9_]*|carrier:[a-z][a-z0-9_]*|tax:[a-z][a-z]"
    rf"|{FEES}|{CHARGES}|{FUND}|{CLAIMS}|{EXCHANGE})$"
)
_VALID = re.compile(PATTERN)


def provider(name: str) -> str:
    """The world outside, through one provider: below zero by what came in through it and stayed."""
    return f"provider:{name}"


def escrow(reference: UUID) -> str:
    """What is held for one order."""
    return f"escrow:{reference}"


def suspense(charge_id: UUID) -> str:
    """A charge that belongs to no order (the second of two); it waits here to go back."""
    return f"suspense:{charge_id}"


def available(merchant_id: UUID) -> str:
    """What a merchant has earned and may be paid out."""
    return f"merchant:{merchant_id}:available"


def deposit(merchant_id: UUID) -> str:
    """What a merchant has left as security."""
    return f"merchant:{merchant_id}:deposit"


def reserve(merchant_id: UUID) -> str:
    """What stays back of a merchant's settled sales for cases that are opened later."""
    return f"merchant:{merchant_id}:reserve"


def relief(merchant_id: UUID) -> str:
    """Points that a merchant redeemed: what the next fees are lowered by."""
    return f"merchant:{merchant_id}:relief"


def card(card_id: UUID) -> str:
    """What is left on a gift card: owed to whoever holds it."""
    return f"card:{card_id}"


def points(account_id: UUID) -> str:
    """What a buyer's or a shop's points are worth, paid in when they were granted."""
    return f"points:{account_id}"


def award(award_id: UUID) -> str:
    """A compensation that was gathered and waits to leave for its buyer."""
    return f"award:{award_id}"


def campaign(campaign_id: UUID) -> str:
    """What the platform put aside for a campaign and hasn't given away."""
    return f"campaign:{campaign_id}"


def insurer(name: str) -> str:
    """The world outside, through one insurer: premiums go there, what it pays comes from there."""
    return f"insurer:{name}"


def carrier(name: str) -> str:
    """The world outside, through one carrier: what shops pay for the way back of goods goes there."""
    return f"carrier:{name}"


def tax(country: str) -> str:
    """What was collected for the authority of `country` (two letters, small) and is owed to it."""
    return f"tax:{country}"


def dispute(dispute_id: UUID) -> str:
    """What waits apart until a payer's bank has spoken."""
    return f"dispute:{dispute_id}"


def debt(merchant_id: UUID) -> str:
    """What a merchant owes the fund, below zero; it never rises above."""
    return f"merchant:{merchant_id}:debt"


def is_valid(account: str) -> bool:
    return _VALID.match(account) is not None

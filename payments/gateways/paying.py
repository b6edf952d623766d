"""Paying shops through a provider: what each paymaster must be able to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from kernel.money import Money
from merchants.payout_channels import PayoutChannel
from payments.gateways.protocol import Answer, Request


class PaidOut(StrEnum):
    """Where a payout stands with its provider. `UNKNOWN`: it never heard of it; `AGAIN`: it didn't say."""

    ACCEPTED = "accepted"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """What we ask a provider to pay a shop or a buyer; lives for one call, never shows where the money goes.

    `charge_id` instead of an account: to whoever paid that charge.
    """

    key: str
    amount: Money
    channel: PayoutChannel
    bank: str
    number: str = field(repr=False)
    holder: str = field(repr=False)
    # A business's own account, not a person's.
    of_business: bool = True
    notice_url: str = ""
    charge_id: str = ""


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """`reason`: the provider's own code, when it failed."""

    state: PaidOut
    reason: str = ""


class Paymaster(Protocol):
    """One provider as the one who pays shops. A reader raises nothing: what proves nothing is AGAIN."""

    name: str
    channels: frozenset[PayoutChannel]
    # Whether its statement of a day has a line for each payout.
    lists_payouts: bool
    # Whether it can pay the payer of a charge more than it took, without being told an account.
    repays_payers: bool

    def is_able(self) -> bool:
        """Whether what it needs for paying out, beyond taking money, is there."""

    def order(self, order: PayoutOrder, *, at: datetime) -> Request:
        """Pay; the same again with the same key pays once."""

    def read_order(self, answer: Answer, *, at: datetime) -> PayoutTold: ...

    def ask(self, order: PayoutOrder, *, at: datetime) -> Request: ...

    def read_asked(self, answer: Answer, order: PayoutOrder, *, at: datetime) -> PayoutTold: ...


def payout_key(payout_id: UUID) -> str:
    """Our key of a payout at every provider: digits and letters only, at most 32 (WeChat Pay's bound)."""
    return payout_id.hex


def payout_id(key: str) -> UUID | None:
    """The payout that `key` names, if it has our form."""
    try:
        return UUID(hex=key) if len(key) == 32 else None
    except ValueError:
        return None

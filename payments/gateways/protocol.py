"""What every payment provider must be able to do, and the words it is done in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from kernel.errors import N_, DomainError
from kernel.money import Money


class ForgedNotice(DomainError):
    """Not from the provider, altered, stale, or not meant for us; nothing is done with it."""

    code = "forged_notice"
    message = N_("This notice can't be accepted.")
    status = 400


class NoticeKind(StrEnum):
    CAPTURED = "charge.captured"
    DECLINED = "charge.declined"
    REFUND_PAID = "refund.paid"
    REFUND_FAILED = "refund.failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified message of a provider. `amount_minor` is in whole minor units of `currency`."""

    event_id: str
    kind: NoticeKind
    payment_number: str
    charge_id: str
    amount_minor: int
    currency: str
    refund_key: str
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class Intent:
    """What the payer is sent to the provider with; `return_path` is where the payer comes back to."""

    number: str
    amount: Money
    expires_at: datetime
    return_path: str


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What we ask the provider to give back; `key` makes a repetition harmless."""

    key: str
    charge_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Request:
    """An outgoing call: `path` below the provider's own configured address, never an address from data."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: no answer came, and what happened is unknown."""

    status: int
    body: bytes = b""


Post = Callable[[Request], Answer]


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a provider's day: a charge (above zero) or a refund (below zero)."""

    kind: str
    key: str
    amount: Money


class Gateway(Protocol):
    """One provider. Its methods build and read messages; none of them touches network or database."""

    name: str
    title: str
    explanation: str

    def is_offered(self) -> bool:
        """Whether payers may choose it here."""

    def checkout_url(self, intent: Intent, *, at: datetime) -> str:
        """Where to send the payer; carries our signature, so that the provider trusts amount and number."""

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        """Verify on the raw bytes, then read. :raises ForgedNotice:"""

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request: ...

    def read_refund_answer(self, answer: Answer) -> Outcome: ...

    def statement_request(self, day: date, *, at: datetime) -> Request: ...

    def read_statement(self, answer: Answer) -> list[StatementLine]:
        """:raises ValueError: when the provider gave none"""


def refund_key(refund_id: UUID) -> str:
    """Our idempotency key at the provider, and the name by which it reports on the refund."""
    return f"refund-{refund_id.hex}"


def refund_id(key: str) -> UUID | None:
    """The refund that `key` names, if it has our form."""
    prefix, _, text = key.partition("-")
    try:
        return UUID(hex=text) if prefix == "refund" and len(text) == 32 else None
    except ValueError:
        return None

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


class Unclear(Exception):
    """No answer, a fault, or one that isn't signed as it must be: what happened is unknown, ask again."""


class TurnedDown(Exception):
    """The provider says plainly that it won't; `str()` is its own code, for staff."""


class NoticeKind(StrEnum):
    CAPTURED = "charge.captured"
    # Reserved at the payer's bank and not taken; and free again.
    AUTHORISED = "charge.authorised"
    RELEASED = "charge.released"
    DECLINED = "charge.declined"
    REFUND_PAID = "refund.paid"
    REFUND_FAILED = "refund.failed"
    # Something about a dispute changed; what it is now is asked for, never read from the notice.
    DISPUTE = "dispute.changed"
    # Something about a payout changed; asked for likewise.
    PAYOUT = "payout.changed"
    # Genuine, and nothing for us to do.
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified message of a provider. `amount_minor` is in whole minor units of `currency`."""

    event_id: str
    kind: NoticeKind
    trade_number: str
    charge_id: str
    amount_minor: int
    currency: str
    refund_key: str
    body: dict[str, object]
    dispute_id: str = ""
    payout_key: str = ""
    authorisation_id: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What the payer is sent to the provider with: `number` is our name of this attempt (the trade number).

    `subject` stands on the provider's page, names no goods; `return_url`, `notice_url`: absolute.
    """

    number: str
    subject: str
    amount: Money
    expires_at: datetime
    return_url: str
    notice_url: str
    key: str
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class Handover:
    """Where the payer goes on: an address to open, or a text to show as a QR code and scan."""

    url: str = ""
    code: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Trade:
    """One attempt as the provider knows it; `reference` is its own name for it, where it gave one."""

    number: str
    reference: str


class TradeState(StrEnum):
    PAID = "paid"
    AUTHORISED = "authorised"
    WAITING = "waiting"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the provider says an attempt is in; charge and amount only when paid (or authorised)."""

    state: TradeState
    charge_id: str = ""
    amount: Money | None = None
    authorisation_id: str = ""


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What we ask the provider to give back of a charge of `whole`; `key` makes a repetition harmless."""

    key: str
    charge_id: str
    amount: Money
    whole: Money
    notice_url: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """An outgoing call: `path` below one of the provider's own configured origins, never one from data."""

    path: str
    # Not shown where a request is: it may hold a shop's account.
    body: bytes = field(default=b"", repr=False)
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    origin: str = "api"
    # Who is called: written in by who makes the call, so that an adapter can't name another.
    provider: str = "sandbox"
    # What the answer's body must hash to, where the provider said so before; empty: it didn't.
    sha1: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: no answer came, and what happened is unknown. Header names are in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Post = Callable[[Request], Answer]


class Outcome(StrEnum):
    """Of an order to give money back: on its way, arrived, never, or not known yet."""

    ACCEPTED = "accepted"
    PAID = "paid"
    REFUSED = "refused"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line of a provider's day: a charge (above zero), a refund or payout (below), and its fee.

    `fee_minor` above zero is what the provider kept; `settled` False: it says that it isn't through yet.
    """

    kind: str
    key: str
    amount: Money
    fee_minor: int = 0
    settled: bool = True


@dataclass(frozen=True, slots=True)
class StatementPart:
    """Lines of a day's statement, and the request for the rest when this wasn't all."""

    lines: tuple[StatementLine, ...] = ()
    rest: Request | None = None


class DisputeIs(StrEnum):
    """Where a dispute stands with the provider. `WON`: it took no money, or gave it back."""

    TO_ANSWER = "to_answer"
    ANSWERED = "answered"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """A dispute as the provider tells it; `answer_by` None: it names no instant."""

    dispute_id: str
    charge_id: str
    amount: Money
    state: DisputeIs
    cause: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider wants to hear when its notice is safe with us."""

    body: str = "ok"
    content_type: str = "text/plain"
    status: int = 200


class Gateway(Protocol):
    """One provider. Its methods build and read messages; none of them touches network or database.

    Readers raise Unclear where the answer proves nothing, TurnedDown where it is a plain "no".
    """

    name: str
    title: str
    explanation: str
    currencies: frozenset[str]
    # Whose midnight ends a day of its statements (tz database).
    zone: str

    def is_offered(self) -> bool:
        """Whether payers may choose it here."""

    def begin(self, intent: Intent, *, at: datetime) -> Handover | Request:
        """Hand the payer over: at once by our signed address, or by a call that asks for one."""

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover: ...

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        """Ask what became of an attempt: a notice may be lost, a payer may never come back."""

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight: ...

    def close(self, trade: Trade, *, at: datetime) -> Request:
        """Ask that an attempt can't be paid any more."""

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        """:raises TurnedDown: also when it was paid meanwhile; ask then"""

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        """Verify on the raw bytes, then read. :raises ForgedNotice:"""

    def receipt(self) -> Receipt: ...

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request: ...

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome: ...

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request: ...

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome: ...

    def statement_request(self, day: date, *, at: datetime) -> Request: ...

    def further_statements(self, day: date, *, at: datetime) -> tuple[Request, ...]:
        """What else belongs to the day, each to be read like the first; mostly nothing."""

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart: ...

    def ask_dispute(self, dispute_id: str, *, at: datetime) -> Request: ...

    def read_dispute(self, answer: Answer, *, at: datetime) -> DisputeTold: ...

    def answer_dispute(self, dispute_id: str, evidence: str, *, at: datetime) -> Request:
        """Contest it with `evidence`; "" says that we don't. :raises TurnedDown: there is no way to say so"""

    def read_dispute_answered(self, answer: Answer, *, at: datetime) -> None: ...


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

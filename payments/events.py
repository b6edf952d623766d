"""What payments tells the floors above. Amounts are whole minor units of `currency`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@event("payments.PaymentCaptured")
@dataclass(frozen=True, slots=True)
class PaymentCaptured(Event):
    """The money is in escrow. `late`: it came after the payment had expired: fulfil or refund the order."""

    payment_id: UUID
    subject_id: UUID
    references: list[UUID]
    amount_minor: int
    currency: str
    late: bool


@event("payments.PaymentAuthorised")
@dataclass(frozen=True, slots=True)
class PaymentAuthorised(Event):
    """The payer's bank has reserved the sum; nothing is taken before the shops of `references` confirm."""

    payment_id: UUID
    subject_id: UUID
    references: list[UUID]
    amount_minor: int
    currency: str


@event("payments.PaymentReleased")
@dataclass(frozen=True, slots=True)
class PaymentReleased(Event):
    """What was reserved is free again and nothing was taken. `cause`: a code of ours."""

    payment_id: UUID
    subject_id: UUID
    references: list[UUID]
    amount_minor: int
    currency: str
    cause: str


@event("payments.PaymentFailed")
@dataclass(frozen=True, slots=True)
class PaymentFailed(Event):
    """One attempt was declined and nothing was taken; the payer may try again until it expires."""

    payment_id: UUID
    subject_id: UUID
    references: list[UUID]


@event("payments.PaymentExpired")
@dataclass(frozen=True, slots=True)
class PaymentExpired(Event):
    payment_id: UUID
    subject_id: UUID
    references: list[UUID]


@event("payments.ChargedTwice")
@dataclass(frozen=True, slots=True)
class ChargedTwice(Event):
    """A second charge came in for a payment that was paid; its way back has been started already."""

    payment_id: UUID
    subject_id: UUID
    charge_id: UUID
    refund_id: UUID
    amount_minor: int
    currency: str


@event("payments.RefundPaid")
@dataclass(frozen=True, slots=True)
class RefundPaid(Event):
    """The provider confirmed, signed, that the payer has the money. `reference` is the order's."""

    refund_id: UUID
    subject_id: UUID
    reference: UUID
    purpose: str
    amount_minor: int
    currency: str


@event("payments.RefundFailed")
@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    """The provider couldn't pay; the money is back in escrow, where it waits for the next attempt."""

    refund_id: UUID
    subject_id: UUID
    reference: UUID
    purpose: str
    amount_minor: int
    currency: str


@event("payments.DisputeOpened")
@dataclass(frozen=True, slots=True)
class DisputeOpened(Event):
    """The payer's bank asks money of the order `reference` back; it waits apart. Answer by `answer_by`."""

    dispute_id: UUID
    reference: UUID
    merchant_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str
    answer_by: datetime


@event("payments.DisputeEnded")
@dataclass(frozen=True, slots=True)
class DisputeEnded(Event):
    """`won`: the money is where it was. Otherwise the payer has it, and the merchant bears it."""

    dispute_id: UUID
    reference: UUID
    merchant_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str
    from_escrow_minor: int
    won: bool


@event("payments.PayoutWaiting")
@dataclass(frozen=True, slots=True)
class PayoutWaiting(Event):
    """A shop's money can't leave yet; `hold` says what must come first."""

    payout_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str
    hold: str


@event("payments.PayoutPaid")
@dataclass(frozen=True, slots=True)
class PayoutPaid(Event):
    """The provider says that the shop's account has it."""

    payout_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


@event("payments.PayoutFailed")
@dataclass(frozen=True, slots=True)
class PayoutFailed(Event):
    """It came back and is available again; `reason` is the provider's own code."""

    payout_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str
    reason: str


@event("payments.DepositCalled")
@dataclass(frozen=True, slots=True)
class DepositCalled(Event):
    """So much of a shop's deposit is missing; the call has the date."""

    call_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


@event("payments.DepositOverdue")
@dataclass(frozen=True, slots=True)
class DepositOverdue(Event):
    """So much is still missing after the call's date: no new goods of the shop go on sale."""

    call_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


@event("payments.DepositGivenBack")
@dataclass(frozen=True, slots=True)
class DepositGivenBack(Event):
    """The shop has left and its last window is over: what was left of its deposit is available to it."""

    deposit_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class AwardFact(Event):
    """About a compensation on top of the price; `cause` is late_dispatch, shop_cancelled or ruling."""

    award_id: UUID
    order_id: UUID
    merchant_id: UUID
    subject_id: UUID
    cause: str
    amount_minor: int
    currency: str


@event("payments.AwardOwed")
@dataclass(frozen=True, slots=True)
class AwardOwed(AwardFact):
    """By a rule, whoever asks or not; the money is gathered in the same step unless a dispute holds it up."""


@event("payments.AwardPaid")
@dataclass(frozen=True, slots=True)
class AwardPaid(AwardFact):
    """The provider says that the buyer has it."""


@event("payments.AwardCameBack")
@dataclass(frozen=True, slots=True)
class AwardCameBack(AwardFact):
    """It couldn't be delivered and waits again; `reason` is the provider's own code."""

    reason: str

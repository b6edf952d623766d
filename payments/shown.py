"""What the payer's page says about a payment, decided in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.money import Money, total
from merchants.models import Merchant
from payments.lifecycle import PartKind, PaymentState, RefundState
from payments.models import Authorisation, Charge, Payment, Refund
from payments.whereabouts import MoneyLine, of_references


class Face(StrEnum):
    CHOOSE = "choose"
    WAITING = "waiting"
    DECLINED = "declined"
    EXPIRED = "expired"
    PAID = "paid"
    RESERVED = "reserved"
    RELEASED = "released"


RESERVING = {PaymentState.AUTHORISED: Face.RESERVED, PaymentState.RELEASED: Face.RELEASED}


@dataclass(frozen=True, slots=True)
class Shown:
    """`extra`: what was charged again, and `extra_back_at` when it was returned (None: still on its way).

    `held`: what is reserved at the payer's bank, or was. `let_go`: what of it was never taken.
    `card_id`: the gift card that is bought. `deposit_of`: whose
    deposit was filled, as its address says. Without a `charge` cards and points have paid it all.
    """

    face: Face
    lines: list[MoneyLine]
    charge: Charge | None
    extra: Money | None
    extra_back_at: datetime | None
    card_id: UUID | None = None
    deposit_of: str = ""
    held: Authorisation | None = None
    let_go: Money | None = None

    @property
    def charged_twice(self) -> bool:
        return self.extra is not None


def of(payment: Payment, *, at: datetime, waiting: bool) -> Shown:
    """The page's state at `at`; `waiting`: the payer has just come back from the provider."""
    if payment.state in RESERVING:
        held = payment.authorisations.order_by("-held_at").first()
        return Shown(RESERVING[PaymentState(payment.state)], [], None, None, None, held=held)
    if payment.state != PaymentState.CAPTURED:
        return Shown(_face(payment, at=at, waiting=waiting), [], None, _late(payment), None)
    charges = list(payment.charges.order_by("taken_at", "id"))
    extra = [charge for charge in charges if charge.extra]
    back = _back_at(extra)
    return Shown(
        face=Face.PAID,
        lines=_lines(payment),
        charge=next((charge for charge in charges if not charge.extra), None),
        extra=total((charge.amount for charge in extra), payment.currency) if extra else None,
        extra_back_at=back,
        let_go=Money(payment.released_minor, payment.currency) if payment.released_minor else None,
        card_id=payment.parts.filter(kind=PartKind.CARD).values_list("reference", flat=True).first(),
        deposit_of=_deposit_of(payment),
    )


def _deposit_of(payment: Payment) -> str:
    part = payment.parts.filter(kind=PartKind.DEPOSIT).first()
    return Merchant.objects.values_list("slug", flat=True).get(pk=part.merchant_id) if part else ""


def _late(payment: Payment) -> Money | None:
    """What came after the end and couldn't be used any more, since a gift card's share was spent by then."""
    charges = list(payment.charges.filter(extra=True))
    return total((charge.amount for charge in charges), payment.currency) if charges else None


def _face(payment: Payment, *, at: datetime, waiting: bool) -> Face:
    if payment.state == PaymentState.FAILED and at < payment.expires_at:
        return Face.DECLINED
    if waiting and payment.provider:
        return Face.WAITING
    if payment.state == PaymentState.EXPIRED or at >= payment.expires_at:
        return Face.EXPIRED
    return Face.CHOOSE


def _lines(payment: Payment) -> list[MoneyLine]:
    """The whereabouts of all the payment's orders, one line per place."""
    found = of_references(payment.parts.values_list("reference", flat=True))
    by_place: dict[str, MoneyLine] = {}
    for line in (line for lines in found.values() for line in lines):
        before = by_place.get(line.place)
        by_place[line.place] = (
            MoneyLine(line.place, before.amount + line.amount, max(before.since, line.since))
            if before
            else line
        )
    return list(by_place.values())


def _back_at(extra: list[Charge]) -> datetime | None:
    refunds = list(Refund.objects.filter(charge__in=extra))
    ends = [refund.settled_at for refund in refunds if refund.state == RefundState.PAID and refund.settled_at]
    return max(ends) if ends and len(ends) == len(refunds) else None


def charge_behind(reference: UUID) -> tuple[str, str]:
    """(provider, its number of the charge) that paid for `reference`: the means that money goes back to."""
    found = (
        Charge.objects.filter(extra=False, payment__parts__reference=reference)
        .values_list("provider", "provider_charge_id")
        .first()
    )
    return found or ("", "")

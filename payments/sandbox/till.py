"""The sandbox's till: the payer's choice becomes charges and notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import N_, Invalid
from kernel.ids import new_id
from kernel.money import Money
from payments.gateways import documents, sandbox_keys
from payments.gateways.protocol import NoticeKind
from payments.sandbox_models import SandboxCharge, SandboxDelivery


class Choice(StrEnum):
    PAY = "pay"
    DECLINE = "decline"
    LATE = "late"
    TWICE = "twice"
    WRONG_AMOUNT = "wrong_amount"
    REFUNDS_FAIL = "refunds_fail"


# In the order of the page, each with what it does in words.
CHOICES: list[tuple[Choice, object, object]] = [
    (Choice.PAY, _("Pay"), _("The money is taken and the shop is told at once.")),
    (Choice.DECLINE, _("Decline"), _("Nothing is taken. The shop is told so.")),
    (
        Choice.LATE,
        _("Pay, but tell the shop late"),
        _("The shop hears of it only after the payment's time is over."),
    ),
    (Choice.TWICE, _("Pay, and be charged twice"), _("The same sum is taken two times.")),
    (Choice.WRONG_AMOUNT, _("Pay another amount"), _("One unit of money more is taken than was asked.")),
    (
        Choice.REFUNDS_FAIL,
        _("Pay; refunds will fail"),
        _("The money is taken. When the shop sends some back, it bounces."),
    ),
]

# "Late" means after the payment has expired, by this much.
LATE_BY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Order:
    """What the shop asked the sandbox to take; `amount_minor` in whole minor units of `currency`."""

    payment: str
    amount_minor: int
    currency: str
    expires_at: datetime
    return_path: str
    # Only set aside now; taken or let go later.
    holds: bool = False

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @classmethod
    def of(cls, document: dict[str, Any]) -> Order:
        return cls(
            payment=documents.text(document, "payment"),
            amount_minor=documents.whole(document, "amount"),
            currency=documents.text(document, "currency", limit=3),
            expires_at=datetime.fromtimestamp(documents.whole(document, "expires"), UTC),
            return_path=documents.text(document, "return", limit=200),
            holds=document.get("holds") is True,
        )


class UnknownChoice(Invalid):
    code = "unknown_choice"
    message = N_("Choose one of the endings on the page.")


def read_choice(text: str) -> Choice:
    """:raises UnknownChoice:"""
    if text not in set(Choice):
        raise UnknownChoice(field="choice")
    return Choice(text)


@transaction.atomic
def choose(order: Order, choice: Choice, *, at: datetime) -> SandboxDelivery | None:
    """Play one ending; gives the notice that the payer may carry back, if the ending has one.

    A payment that was taken isn't taken again: the payer gets the first notice once more.
    """
    if choice is Choice.DECLINE:
        return notify(_declined(order, at), due_at=at)
    charge, made = SandboxCharge.objects.get_or_create(
        payment_number=order.payment,
        copy=0,
        defaults={
            "amount_minor": order.amount_minor + (100 if choice is Choice.WRONG_AMOUNT else 0),
            "currency": order.currency,
            "refunds_fail": choice is Choice.REFUNDS_FAIL,
            "taken_at": at,
        },
    )
    if not made:
        return None
    late = choice is Choice.LATE
    notice = notify(captured(charge), due_at=max(at, order.expires_at + LATE_BY) if late else at)
    if choice is Choice.TWICE:
        second = SandboxCharge.objects.create(
            payment_number=order.payment,
            copy=1,
            amount_minor=order.amount_minor,
            currency=order.currency,
            taken_at=at,
        )
        notify(captured(second), due_at=at)
    return None if late else notice


def charge_id(pk: UUID) -> str:
    return f"ch_{pk.hex}"


def _declined(order: Order, at: datetime) -> dict[str, Any]:
    return {
        "kind": NoticeKind.DECLINED.value,
        "payment": order.payment,
        "amount": order.amount_minor,
        "currency": order.currency,
        "created": at.isoformat(),
    }


def captured(charge: SandboxCharge) -> dict[str, Any]:
    """What the shop is told of a charge."""
    return {
        "kind": NoticeKind.CAPTURED.value,
        "payment": charge.payment_number,
        "charge": charge_id(charge.pk),
        "amount": charge.amount_minor,
        "currency": charge.currency,
        "created": charge.taken_at.isoformat(),
    }


def notify(facts: dict[str, Any], *, due_at: datetime) -> SandboxDelivery:
    """Write down a notice that the sandbox owes the shop."""
    pk = new_id()
    document = {"id": f"evt_{pk.hex}", "account": sandbox_keys.ACCOUNT, "live": False, **facts}
    return SandboxDelivery.objects.create(pk=pk, body=documents.write(document).decode(), due_at=due_at)

"""Letters about a shop's deposit, to its owners; the desk hears when a date went by."""

from __future__ import annotations

from datetime import UTC, datetime

from django.urls import reverse

from accounts.staff import Role
from kernel.money import Money
from merchants import telling
from merchants.models import Merchant
from notifications.kinds import LetterKind, Value
from payments.events import DepositCalled, DepositGivenBack, DepositOverdue
from payments.models import DepositCall

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_SAMPLE: dict[str, Value] = {"shop": "山止工坊", "path": "/merchant/shan-zhi/money/", "amount": Money(500000)}
KINDS = (
    LetterKind("payments.deposit_called", sample={**_SAMPLE, "until": _DAY}),
    LetterKind("payments.deposit_overdue", sample=_SAMPLE),
    LetterKind("payments.deposit_to_judge", sample=_SAMPLE),
    LetterKind("payments.deposit_back", sample=_SAMPLE),
)


def on_deposit_called(event: DepositCalled, *, at: datetime) -> None:
    """How much is missing, and until when; none when it was filled before the letter was written."""
    call, merchant = DepositCall.objects.get(pk=event.call_id), Merchant.objects.get(pk=event.merchant_id)
    if call.ended_at is None:
        amount = Money(event.amount_minor, event.currency)
        kind = "payments.deposit_called"
        said: dict[str, Value] = {"path": _page(merchant), "amount": amount, "until": call.due_at}
        telling.owners(merchant, kind, reference=call.pk, at=at, **said)


def on_deposit_overdue(event: DepositOverdue, *, at: datetime) -> None:
    """The shop hears what has stopped; a person at the desk decides whether anything more follows."""
    merchant, amount = Merchant.objects.get(pk=event.merchant_id), Money(event.amount_minor, event.currency)
    kind = "payments.deposit_overdue"
    telling.owners(merchant, kind, reference=event.call_id, at=at, path=_page(merchant), amount=amount)
    path = reverse("admin:payments_depositcall_change", args=[event.call_id])
    said: dict[str, Value] = {"shop": merchant.display_name, "amount": amount, "path": path}
    telling.desk(Role.MONEY_DESK, "payments.deposit_to_judge", reference=event.call_id, at=at, **said)


def on_deposit_given_back(event: DepositGivenBack, *, at: datetime) -> None:
    merchant, amount = Merchant.objects.get(pk=event.merchant_id), Money(event.amount_minor, event.currency)
    if amount:
        kind = "payments.deposit_back"
        telling.owners(merchant, kind, reference=event.deposit_id, at=at, path=_page(merchant), amount=amount)


def _page(merchant: Merchant) -> str:
    return reverse("payments:merchant-money", args=[merchant.slug])

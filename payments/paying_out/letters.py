"""Letters about payouts: to the shop's owners when something is theirs to do, else to the money desk."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.staff import Role
from kernel.money import Money
from merchants import telling
from merchants.models import Merchant
from notifications.kinds import LetterKind, Value
from payments.events import PayoutFailed, PayoutWaiting
from payments.paying_out.holds import Hold

_SAMPLE: dict[str, Value] = {"shop": "山止工坊", "path": "/merchant/shan-zhi/money/", "amount": Money(482900)}
KINDS = (
    LetterKind("payments.payout_failed", sample={**_SAMPLE, "reason": "ACCOUNT_CLOSED"}),
    LetterKind("payments.payout_without_account", sample=_SAMPLE),
    LetterKind("payments.payout_without_way", sample=_SAMPLE),
    LetterKind("payments.payout_for_two", sample=_SAMPLE),
    LetterKind("payments.payout_to_compare", sample=_SAMPLE),
)
OF_SHOP = {Hold.NO_ACCOUNT: "payout_without_account", Hold.NO_WAY: "payout_without_way"}
OF_DESK = {Hold.LARGE: "payout_for_two", Hold.UNCONFIRMED: "payout_to_compare"}


def on_payout_failed(event: PayoutFailed, *, at: datetime) -> None:
    """The money is back; the letter says what the provider said and where to go."""
    merchant = Merchant.objects.get(pk=event.merchant_id)
    amount = Money(event.amount_minor, event.currency)
    telling.owners(
        merchant,
        "payments.payout_failed",
        reference=event.payout_id,
        at=at,
        path=_page(merchant),
        amount=amount,
        reason=event.reason,
    )


def on_payout_waiting(event: PayoutWaiting, *, at: datetime) -> None:
    """Whose turn it is hears of it; what ends by itself, or was told before, needs no letter."""
    merchant = Merchant.objects.get(pk=event.merchant_id)
    hold, amount = Hold(event.hold), Money(event.amount_minor, event.currency)
    if hold in OF_SHOP:
        kind = f"payments.{OF_SHOP[hold]}"
        telling.owners(merchant, kind, reference=event.payout_id, at=at, path=_page(merchant), amount=amount)
    elif hold in OF_DESK:
        path = reverse("admin:payments_payout_change", args=[event.payout_id])
        said: dict[str, Value] = {"shop": merchant.display_name, "amount": amount, "path": path}
        telling.desk(Role.MONEY_DESK, f"payments.{OF_DESK[hold]}", reference=event.payout_id, at=at, **said)


def _page(merchant: Merchant) -> str:
    return reverse("payments:merchant-money", args=[merchant.slug])

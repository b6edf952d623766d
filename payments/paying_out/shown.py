"""What a shop's money page and the staff's queue show of payouts; nothing is changed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.errors import N_, DomainError
from kernel.money import Money
from merchants import numbers, payout_accounts
from merchants.models import Merchant
from merchants.payout_channels import CHANNEL_WORDS, PayoutChannel
from payments import accounts, fund, ledger, reserve
from payments.lifecycle import PayoutState
from payments.models import Payout, ProviderCall
from payments.paying_out import asked, holds, turns
from payments.paying_out.holds import REASONS, Hold, PayoutWaits
from payments.paying_out.sending import PayoutsFrozen, require_thawed
from web import tenancy

STATE_WORDS = {
    PayoutState.HELD: N_("Waits"),
    PayoutState.REQUESTED: N_("Ordered at the provider"),
    PayoutState.SENT: N_("On its way to your account"),
    PayoutState.PAID: N_("In your account"),
    PayoutState.FAILED: N_("Came back"),
    PayoutState.DROPPED: N_("Never left: nothing was due"),
}


@dataclass(frozen=True, slots=True)
class Upcoming:
    """All that is available in one currency: when it goes, or what holds it; `refusal`: why not at once."""

    amount: Money
    at: datetime
    waits: type[DomainError] | None
    until: datetime | None
    large: bool
    too_little: bool
    refusal: DomainError | None


@dataclass(frozen=True, slots=True)
class Account:
    """The account as its own people see it: its end only."""

    channel: str
    bank: str
    masked: str
    since: datetime
    confirmed: bool
    usable_from: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """The reserve in one currency: all of it, and the part that is freed next."""

    amount: Money
    next_at: datetime
    next_amount: Money


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """One shop's money outside of orders; sums in the ledger's own words."""

    upcoming: list[Upcoming]
    account: Account | None
    on_its_way: list[Money]
    kept: list[Kept]
    owed: list[Money]


@tenancy.widened()
def money_of(merchant: Merchant, *, at: datetime) -> ShopMoney:
    """Judged by the same functions that pay, so that the page can't promise what the run won't do."""
    names = {kind: of(merchant.pk) for kind, of in _ACCOUNTS.items()}
    found = ledger.balances(names.values())
    sums = {
        kind: sorted(
            (sum_ for (account, _), sum_ in found.items() if account == name and sum_), key=_by_currency
        )
        for kind, name in names.items()
    }
    return ShopMoney(
        upcoming=[_upcoming(merchant, one, at=at) for one in sums["available"]],
        account=_account(merchant),
        on_its_way=_on_its_way(merchant),
        kept=[
            Kept(one, *freed)
            for one in sums["reserve"]
            if (freed := reserve.next_freed(merchant.pk, one.currency)) is not None
        ],
        owed=[fund.debt(merchant.pk, one.currency) for one in sums["debt"]],
    )


_ACCOUNTS = {
    "available": accounts.available,
    "reserve": accounts.reserve,
    "debt": accounts.debt,
}


def _by_currency(amount: Money) -> str:
    return amount.currency


def _upcoming(merchant: Merchant, amount: Money, *, at: datetime) -> Upcoming:
    judged = holds.judge(merchant.pk, amount, at=at)
    waits: type[DomainError] | None = REASONS[judged.hold] if judged.hold is not None else None
    try:
        require_thawed()
    except PayoutsFrozen:
        waits = PayoutsFrozen
    return Upcoming(
        amount=amount,
        at=turns.next_turn(merchant.grade, at=at),
        waits=waits,
        until=judged.until,
        large=holds.is_large(amount, at=at),
        too_little=amount < holds.least(amount.currency, at=at),
        refusal=_refusal(merchant, amount, waits, judged.hold, at=at),
    )


def _refusal(
    merchant: Merchant,
    amount: Money,
    waits: type[DomainError] | None,
    hold: Hold | None,
    *,
    at: datetime,
) -> DomainError | None:
    if waits is not None and hold != Hold.SENT_BACK:
        return waits()
    try:
        asked.refuse(merchant, amount.currency, at=at)
    except DomainError as refused:
        return refused
    return None


def _account(merchant: Merchant) -> Account | None:
    held = payout_accounts.current(merchant.pk)
    if held is None:
        return None
    return Account(
        channel=CHANNEL_WORDS[PayoutChannel(held.channel)],
        bank=held.bank,
        masked=numbers.last_four(held.number or ""),
        since=held.since,
        confirmed=held.verified_at is not None,
        usable_from=held.usable_from,
    )


def _on_its_way(merchant: Merchant) -> list[Money]:
    going = Payout.objects.of_shop(merchant.pk).on_the_way().values_list("currency", "amount_minor")
    sums: dict[str, int] = {}
    for currency, minor in going:
        sums[currency] = sums.get(currency, 0) + minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def calls_of(payout: Payout) -> list[ProviderCall]:
    """Every call about it that we owe or made, oldest first."""
    return list(ProviderCall.objects.filter(reference=payout.pk).order_by("id"))


def why_held(payout: Payout) -> type[PayoutWaits] | None:
    """What a waiting payout waits for."""
    return REASONS[Hold(payout.hold)] if payout.hold else None

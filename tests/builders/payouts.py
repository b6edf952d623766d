"""Shops with money to be paid out, and an account for it that was confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import checking, payout_accounts
from merchants.models import Merchant, PayoutAccount
from payments import accounts, ledger
from payments.lifecycle import PayoutKind
from payments.models import Payout
from payments.paying_out import runs
from payments.sandbox import straight
from tests.builders.shops import ADMITTED, a_merchant

# Ten in the morning in Beijing, on a Monday: every grade has its turn.
MONDAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
SYSTEM = Actor.system()


def confirmed(shop: Merchant, *, at: datetime = ADMITTED) -> PayoutAccount:
    """Its account, which the bank says is its own."""
    checking.ask_about_account(merchant_id=shop.pk, at=at)
    account = payout_accounts.current(shop.pk)
    assert account is not None
    assert account.verified_at is not None
    return account


def with_account(shop: Merchant, number: str, *, at: datetime = ADMITTED, **changes: str) -> PayoutAccount:
    """As if it had applied with this account: the last digit says how the sandbox pays it."""
    PayoutAccount.objects.filter(merchant=shop).update(ended_at=at)
    answers = {"holder": shop.legal_name, "bank": "示例银行", "number": number} | changes
    payout_accounts.record_account(shop, answers, at=at)
    return confirmed(shop, at=at)


def earns(shop: Merchant, fen: int, currency: str = "CNY", *, at: datetime = ADMITTED) -> None:
    """`fen` more that may be paid out."""
    sum_ = Money(fen, currency)
    lines = ledger.move_money(accounts.FEES, accounts.available(shop.pk), sum_)
    ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=at)


def a_rich_shop(fen: int = 10_000, *, number: str = "") -> Merchant:
    """With a confirmed account and `fen` to be paid out."""
    shop = a_merchant()
    if number:
        with_account(shop, number)
    else:
        confirmed(shop)
    earns(shop, fen)
    return shop


def a_payout(shop: Merchant, *, at: datetime = MONDAY, through: bool = False) -> Payout:
    """All that the shop has, in its turn; `through`: until the sandbox has paid, or not."""
    made = runs.pay(merchant_id=shop.pk, currency="CNY", kind=PayoutKind.SCHEDULED, at=at)
    assert made is not None
    if through:
        straight.run(at=at)
        made.refresh_from_db()
    return made


def available(shop: Merchant, currency: str = "CNY") -> Money:
    return ledger.balance(accounts.available(shop.pk), currency)


def within_reach(merchant_id: UUID, currency: str = "CNY") -> Money:
    """What a case could take of the shop now without its deposit: its balance and its reserve."""
    names = (accounts.available(merchant_id), accounts.reserve(merchant_id))
    return sum((ledger.balance(name, currency) for name in names), Money.zero(currency))

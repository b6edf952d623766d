"""Shops that agreed to leave a deposit, as their applications say."""

from __future__ import annotations

from datetime import datetime

from kernel.money import Money
from merchants.models import Application, Merchant
from payments import accounts, ledger
from payments.deposits import calling
from tests.builders.shops import ADMITTED, a_merchant


def a_shop_with_deposit(fen: int = 500_000, *, at: datetime = ADMITTED) -> Merchant:
    """Admitted after an application that names the deposit; nothing is paid in."""
    shop = a_merchant()
    agreed(shop, fen, at=at)
    return shop


def agreed(shop: Merchant, fen: int, *, at: datetime = ADMITTED) -> None:
    """As if it had agreed to this when it applied, and had been admitted just now."""
    Application.objects.filter(merchant=shop).update(deposit_minor=fen)
    calling.review(shop.pk, at=at)


def lies(shop: Merchant) -> Money:
    """What lies in its deposit."""
    return ledger.balance(accounts.deposit(shop.pk))

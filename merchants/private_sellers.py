"""Private persons who sell so much that they trade: from then on they owe buyers what traders owe."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Sum

from merchants import telling
from merchants.models import Merchant, PettySale, PettyYear
from merchants.moving import leaf
from rulebook import policies

LIMITS = "private.limits"
# What such a seller counts as: a petty trader without registration, until the line of that law.
TRADES_PETTILY = "petty"


def sold(merchant: Merchant, year: int) -> tuple[int, int]:
    """(paid orders, their sum in fen) of the year."""
    found = PettySale.objects.filter(merchant=merchant, year=year).aggregate(
        orders=Count("id"), total=Sum("amount_minor")
    )
    return int(found["orders"]), int(found["total"] or 0)


def weigh(merchant: Merchant, year: int, *, at: datetime) -> None:
    """After a sale of a locked private person: told once near the line, a trader above it."""
    limits = policies.value(LIMITS, at)
    orders, total = sold(merchant, year)
    if orders > limits["yearly_sales"] or total > limits["yearly_minor"]:
        _becomes_a_trader(merchant, orders=orders, total=total, at=at)
        return
    share = max(orders * 1000 // limits["yearly_sales"], total * 1000 // limits["yearly_minor"])
    if share >= limits["warn_permille"]:
        _warn(merchant, year, at=at)


def _warn(merchant: Merchant, year: int, *, at: datetime) -> None:
    row, _made = PettyYear.objects.get_or_create(merchant=merchant, year=year)
    if row.near_trading_at is None:
        row.near_trading_at = at
        row.save(update_fields=["near_trading_at"])
        _tell(merchant, "merchants.private_near", at)


def _becomes_a_trader(merchant: Merchant, *, orders: int, total: int, at: datetime) -> None:
    """Orders made before keep what was said then; nobody goes this way back by itself."""
    merchant.declaration, merchant.trader_since = TRADES_PETTILY, at
    merchant.save(update_fields=["declaration", "trader_since"])
    leaf(merchant, "counts_as_trader", {"orders": orders, "total_minor": total}, at)
    _tell(merchant, "merchants.private_trades", at)


def _tell(merchant: Merchant, kind: str, at: datetime) -> None:
    path = f"/merchant/{merchant.slug}/identity/"
    telling.owners(merchant, kind, reference=merchant.pk, at=at, path=path)

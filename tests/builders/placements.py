"""Paid places: a shop with money in its balance, and a booking through the use case."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from catalog import placements
from catalog.models import Listing, Placement
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, ledger
from tests.builders.shops import LISTED


def some_money(merchant_id: UUID, amount: str = "1000.00", *, at: datetime = LISTED) -> None:
    """As if it had earned that much."""
    lines = ledger.move_money(
        accounts.provider("sandbox"), accounts.available(merchant_id), Money.parse(amount)
    )
    ledger.post(reference=new_id(), purpose="earned", lines=lines, actor=Actor.system(), at=at)


def a_placement(
    listing: Listing, *, first_day: date | None = None, days: int = 2, at: datetime = LISTED
) -> Placement:
    """Booked and paid, from the day after `at` unless said otherwise."""
    some_money(listing.merchant_id, at=at)
    return placements.book(
        merchant_id=listing.merchant_id,
        listing_id=listing.pk,
        first_day=first_day or date.fromordinal(placements.today(at).toordinal() + 1),
        days=days,
        actor=Actor.system(),
        at=at,
    )

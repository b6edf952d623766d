"""Sets for tests: put together through the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import sets
from catalog.models import Listing, ShopSet
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from tests.builders.shops import LISTED, a_listing, a_merchant

NAME = "茶席两件套"


def teaware(merchant: Merchant | None = None, *, stock: int = 10, **changes: Any) -> tuple[Listing, Listing]:
    """A pot for 80.00 and a cup for 20.00 of one shop."""
    merchant = merchant or a_merchant()
    pot = a_listing(merchant=merchant, title="月白釉手作横手急须", price="80.00", stock=stock, **changes)
    cup = a_listing(merchant=merchant, title="青瓷品茗杯", price="20.00", stock=stock, **changes)
    return pot, cup


def written(
    members: Sequence[tuple[UUID, int]], price: str = "70.00", *, name: str = NAME, was: str = ""
) -> sets.Written:
    was_minor = Money.parse(was).minor if was else None
    return sets.Written({"zh-hans": name}, list(members), Money.parse(price).minor, was_minor)


def a_set(
    *listings: Listing,
    price: str = "70.00",
    quantities: Sequence[int] = (),
    name: str = NAME,
    at: datetime = LISTED,
) -> ShopSet:
    """One of each of these, or so many; without any a pot and a cup, 100.00 alone and 70.00 together."""
    members = listings or teaware()
    many = list(quantities) or [1] * len(members)
    told = written([(each.pk, number) for each, number in zip(members, many, strict=True)], price, name=name)
    actor = Actor.member(new_id(), members[0].merchant_id)
    return sets.put_together(merchant_id=members[0].merchant_id, written=told, actor=actor, at=at)

"""Which coupon is used at checkout: radio buttons by shop, the best one picked until the buyer says else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict

from catalog.schema import in_language
from kernel.money import Money
from orders.arranged import Cart, CartGroup
from orders.models import DiscountKind
from orders.placing import coupons_in
from orders.promotions.available import Picks
from orders.promotions.splitting import Applied
from orders.web import promotion_words
from rulebook import wording

PREFIX, GIFT = "coupon_", "gift_"


def picks(data: QueryDict) -> Picks:
    """What the buyer chose; an unreadable answer is none."""
    found: dict[UUID, UUID | None] = {}
    for name, answer in data.items():
        shop = as_id(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
        if shop is not None:
            found[shop] = as_id(str(answer))
    return found


def as_id(text: str) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None


def unwanted_gifts(data: QueryDict) -> set[UUID]:
    """The gifts, by their promotion, that the buyer answered "no" to."""
    said = [
        name.removeprefix(GIFT) for name, answer in data.items() if name.startswith(GIFT) and answer == "no"
    ]
    return {found for each in said if (found := as_id(each)) is not None}


def mark(found: Cart) -> str:
    """The coupons in a total, for the page to send back: so a changed choice is noticed before paying."""
    return ",".join(sorted({each.hex for each in coupons_in(found.groups)}))


def shown(group: CartGroup) -> dict[str, Any]:
    """What came off a shop's goods and why, how much is missing to more, and the coupons to choose from."""
    taken = group.taken
    used = {each.offer.reference for each in taken.offers}
    missing = taken.missing
    return {
        "taken": [_row(each, used) for each in taken.offers],
        "of_sets": _of_sets(group),
        "missing": {
            "says": promotion_words.of_offer(missing.offer),
            "more": Money(missing.missing_minor),
        }
        if missing
        else None,
        "coupons": [_row(each, used) for each in taken.useful],
        "coupon_name": f"{PREFIX}{group.merchant.pk.hex}",
        "none_used": not any(each.offer.kind == DiscountKind.COUPON for each in taken.offers),
    }


def _row(applied: Applied, used: set[UUID]) -> dict[str, Any]:
    offer = applied.offer
    return {
        "id": offer.reference,
        "name": in_language(offer.name, wording.locale()),
        "says": promotion_words.of_offer(offer),
        "platform": offer.kind == DiscountKind.CAMPAIGN,
        "off": Money(applied.off_minor),
        "used": offer.reference in used,
    }


def _of_sets(group: CartGroup) -> Money:
    return group.discount - Money(sum(each.off_minor for each in group.taken.offers))

"""Covers at the checkout: offered closed and unticked, with price and terms, reckoned before buying."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.money import Money, total
from orders.arranged import CartGroup, CartItem
from orders.cart import Cart
from orders.cover import offering
from orders.cover.offering import Chosen, Offer
from orders.web.presenting import View

FIELD, SEEN = "cover", "seen_cover"


def read(data: QueryDict) -> Chosen:
    """What was ticked: answer key → products; what can't be read is nobody's choice."""
    found: dict[UUID, set[str]] = {}
    for value in data.getlist(FIELD):
        key, _colon, product = value.partition(":")
        try:
            found.setdefault(UUID(key), set()).add(product)
        except ValueError:
            continue
    return found


def _taken(group: CartGroup, item: CartItem, chosen: Chosen, *, at: datetime) -> list[Offer]:
    wanted = chosen.get(item.answer_key, ())
    return [each for each in _of(group, item, at=at) if each.product.key in wanted]


def _of(group: CartGroup, item: CartItem, *, at: datetime) -> tuple[Offer, ...]:
    return offering.of_item(item, picked_up=group.way.is_pickup, at=at)


def premium(found: Cart, chosen: Chosen, *, at: datetime) -> Money:
    """What the ticked ones cost together; nothing while nothing is ticked."""
    taken = (
        each for group in found.groups for item in group.items for each in _taken(group, item, chosen, at=at)
    )
    return (
        total((each.premium for each in taken), found.total.currency)
        if chosen
        else Money.zero(found.total.currency)
    )


def shown(found: Cart, chosen: Chosen, *, at: datetime) -> View:
    """What the page adds to the sum for the ticked ones."""
    costs = premium(found, chosen, at=at)
    return {"premium": costs, "charged": found.total + costs, "seen_cover": mark(found, chosen, at=at)}


def mark(found: Cart, chosen: Chosen, *, at: datetime) -> str:
    """What the page's sum was reckoned with, sent along so that another choice or price is noticed."""
    ticked = sorted(f"{key.hex}:{product}" for key, products in chosen.items() for product in products)
    return ",".join([*ticked, str(premium(found, chosen, at=at).minor)])


def was_seen(data: QueryDict, found: Cart, *, at: datetime) -> bool:
    chosen = read(data)
    return data.get(SEEN, mark(found, offering.NONE, at=at)) == mark(found, chosen, at=at)


def said_changed() -> str:
    return _("Your choice of cover is in the sum now. Check it and go on.")


def of_item(group: CartGroup, item: CartItem, chosen: Chosen, *, at: datetime) -> list[View]:
    """What may be ticked for this item, with all that must be known before."""
    wanted = chosen.get(item.answer_key, ())
    locale = get_language() or "zh-hans"
    return [
        {
            "value": f"{item.answer_key.hex}:{each.product.key}",
            "key": each.product.key,
            "premium": each.premium,
            "limit": each.limit,
            "insurer": each.product.insurer,
            "basis": each.product.basis,
            "ticked": each.product.key in wanted,
            **each.product.said(locale),
        }
        for each in _of(group, item, at=at)
    ]

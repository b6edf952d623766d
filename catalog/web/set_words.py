"""What pages say of a set: its name, its members with their single prices, and why it can't be bought."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import offers, set_offers
from catalog.set_offers import Member, SetOffer

Part = dict[str, Any]


def card(offer: SetOffer, *, locale: str) -> Part:
    """A set as lists and its own page show it."""
    return {
        "set": offer.shop_set,
        "title": set_offers.title(offer.revision, locale),
        "revision": offer.revision,
        "price": offer.revision.price,
        "alone": offer.alone,
        "members": [member(each, locale=locale) for each in offer.members],
        "available": offer.available,
        "problem": offer.problem,
        "why": _(set_offers.WHY[offer.problem]) if offer.problem else "",
    }


def member(each: Member, *, locale: str) -> Part:
    """One thing in the set, with the page that tells all about it."""
    content = each.listing.content
    choice = offers.choice_words(content, each.variant_id, locale)
    address = reverse("catalog:product", args=[each.listing.pk])
    picture = offers.picture(content, each.variant_id) or {}
    return {
        "title": offers.title(content, locale),
        "choice": choice,
        "url": f"{address}?variant={each.variant_id}" if choice else address,
        "picture": picture.get("src", ""),
        "mat": picture.get("mat", "sand"),
        "quantity": each.quantity,
        "unit": each.offer.price if each.offer else None,
        "away": each.offer is None,
        "sold_out": each.offer is not None and each.available < each.quantity,
        "exclusion": offers.shelf_exclusion(content),
    }

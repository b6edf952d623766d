"""Listings with something to choose: two colours in two sizes, made and put on sale through the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import drafting, publishing, stock
from catalog.models import Listing, Variant
from catalog.variant_drafts import combinations
from kernel.actor import Actor
from merchants.models import Merchant
from tests.builders.shops import LISTED, a_listing

COLOUR = {
    "key": "colour",
    "labels": {"zh-hans": "颜色", "zh-hant": "顏色", "en": "Colour"},
    "values": [
        {"key": "white", "labels": {"zh-hans": "月白", "zh-hant": "月白", "en": "Moon white"}},
        {"key": "black", "labels": {"zh-hans": "墨黑", "zh-hant": "墨黑", "en": "Ink black"}},
    ],
}
SIZE = {
    "key": "size",
    "labels": {"zh-hans": "容量", "zh-hant": "容量", "en": "Size"},
    "values": [
        {"key": "small", "labels": {"zh-hans": "200 ml"}},
        {"key": "large", "labels": {"zh-hans": "480 ml"}},
    ],
}
PICTURES = [
    {"src": "pictures/1fad6.webp", "alt": {"zh-hans": "一把白茶壶"}, "mat": "sand"},
    {"src": "pictures/1f375.webp", "alt": {"zh-hans": "一只黑茶杯"}, "mat": "moss"},
]


def a_draft_of_variants(**by_choice: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every combination; `white_small={"price_minor": 2900}` changes one."""
    return [
        {"choice": choice, "price_minor": None, **by_choice.get("_".join(choice.values()), {})}
        for choice in combinations([COLOUR, SIZE])
    ]


def a_listing_with_variants(
    *,
    merchant: Merchant | None = None,
    stocks: Mapping[str, int] | None = None,
    live: bool = True,
    at: datetime = LISTED,
    **by_choice: Mapping[str, Any],
) -> Listing:
    """39.00 each; `stocks={"white_small": 3}` (ten each where nothing is said)."""
    listing = a_listing(merchant=merchant, live=False, stock=0, images=PICTURES, at=at)
    actor = Actor.member(listing.pk, listing.merchant_id)
    drafting.edit_draft(
        listing_id=listing.pk,
        changes={"options": [COLOUR, SIZE], "variants": a_draft_of_variants(**by_choice)},
        actor=actor,
        at=at,
    )
    for key, row in variants_of(listing).items():
        on_hand = (stocks or {}).get(key, 10)
        stock.count(variant_id=row.pk, on_hand=on_hand, actor=actor, at=at)
    if live:
        publishing.publish(listing_id=listing.pk, actor=actor, at=at)
    return Listing.objects.with_offer().get(pk=listing.pk)


def variants_of(listing: Listing) -> dict[str, Variant]:
    """By what is chosen: "white_small" and so on; not the one from before there were options."""
    rows = Variant.objects.of_listing(listing.pk).exclude(choice_key="")
    return {"_".join(part.partition("=")[2] for part in row.choice_key.split("&")): row for row in rows}


def variant_id(listing: Listing, key: str) -> UUID:
    return variants_of(listing)[key].pk

"""Choosing between a listing's variants: the address holds the choice, so it works without script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from catalog import offers
from catalog.models import Listing, ListingRevision
from catalog.offers import VariantOffer
from catalog.stock import NO_PIECES, Pieces, pieces
from catalog.variant_drafts import label

Part = dict[str, Any]
# Options are named by their seller: nothing else in an address begins like this.
PREFIX, VARIANT = "o-", "variant"


@dataclass(frozen=True, slots=True)
class Chosen:
    """`offer` is None when that combination isn't offered; `choice` may then still be shown."""

    offer: VariantOffer | None
    choice: Mapping[str, str]
    stock: Pieces
    sold: int
    options: list[Part]


def chosen(listing: Listing, revision: ListingRevision, asked: Mapping[str, str], *, locale: str) -> Chosen:
    """What the address asks for; where it is silent, the first that can be bought."""
    held, content = pieces(listing), revision.content
    every = [each for each in offers.variants(content, listing.pk) if _on_sale(held, each)]
    every = every or list(offers.variants(content, listing.pk))
    choice = _choice(content.get("options") or [], every, held, asked)
    offer = next((each for each in every if each.choice == choice), None)
    return Chosen(
        offer=offer,
        choice=choice,
        stock=held.get(offer.id, NO_PIECES) if offer else NO_PIECES,
        sold=sum(each.sold for each in held.values()),
        options=_options(content.get("options") or [], every, held, choice, locale),
    )


def _on_sale(held: Mapping[UUID, Pieces], each: VariantOffer) -> bool:
    return held.get(each.id, NO_PIECES).active


def _choice(
    options: list[Part], every: list[VariantOffer], held: Mapping[UUID, Pieces], asked: Mapping[str, str]
) -> Mapping[str, str]:
    """The asked values; the others as in the first variant that goes with them, one in stock before any."""
    named = next((each.choice for each in every if str(each.id) == asked.get(VARIANT)), None)
    wanted = {
        option["key"]: value
        for option in options
        if (value := asked.get(PREFIX + option["key"], "")) in {each["key"] for each in option["values"]}
    }
    if named is not None and not wanted:
        return named
    in_stock = [each for each in every if held.get(each.id, NO_PIECES).available > 0]
    for each in (*in_stock, *every):
        if wanted.items() <= each.choice.items():
            return each.choice
    return {**every[0].choice, **wanted}


def _options(
    options: list[Part],
    every: list[VariantOffer],
    held: Mapping[UUID, Pieces],
    choice: Mapping[str, str],
    locale: str,
) -> list[Part]:
    """The radio groups; each value says what it would mean with the others as they are chosen."""
    known = {tuple(sorted(each.choice.items())): each for each in every}

    def note(option: str, value: str) -> str:
        offer = known.get(tuple(sorted({**choice, option: value}.items())))
        if offer is None:
            return _("not offered")
        return "" if held.get(offer.id, NO_PIECES).available > 0 else _("sold out")

    return [
        {
            "name": PREFIX + option["key"],
            "label": label(option, locale),
            "values": [
                {
                    "key": value["key"],
                    "label": label(value, locale),
                    "checked": choice.get(option["key"]) == value["key"],
                    "note": note(option["key"], value["key"]),
                }
                for value in option["values"]
            ],
        }
        for option in options
    ]


def table(revision: ListingRevision, listing: Listing, *, locale: str) -> list[Part]:
    """Every variant of a frozen version with its price, for the page that shows it."""
    content = revision.content
    if not content.get("options"):
        return []
    return [
        {"choice": offers.choice_words(content, each.id, locale), "amount": each.all_in, "sku": each.sku}
        for each in offers.variants(content, listing.pk)
    ]

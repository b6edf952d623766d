"""From a draft to what is frozen: only what the schema knows, in one fixed shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from catalog import destinations, offers
from catalog.completeness import assess
from catalog.schema import Schema
from catalog.search_text import lexemes_of, title_key
from catalog.values import shown
from kernel.ids import new_id
from merchants import brand_names

LANGUAGES = ("zh-hans", "zh-hant", "en")
# Left open by goods that never cross the border.
ROUTE = "supply_route"

# Facts that searchers type: who made it, from where, of what.
_SEARCHED = (
    "product_name",
    "brand",
    "maker",
    "creator",
    "registrant",
    "origin",
    "specification",
    "material",
    "fibre",
    "model",
    "colour",
    "ingredients",
)
# Numbers printed on the goods that people type in.
_NUMBERS = ("publication_number", "ccc_certificate", "registration_number")


def freeze(
    schema: Schema, draft: Mapping[str, Any], *, listing_id: UUID, code: str, barcode: str
) -> dict[str, Any]:
    """The content of a revision; the draft must be complete. Its price is the lowest of its variants."""
    attributes = draft.get("attributes") or {}
    variants = _variants(draft) or [_only(draft, listing_id, code, barcode)]
    return {
        "category": schema.slug,
        "schema_version": schema.version,
        "title": _texts(draft.get("title")),
        "description": _texts(draft.get("description")),
        "attributes": {
            each.key: attributes[each.key] for each in schema.fields if attributes.get(each.key) is not None
        },
        "options": list(draft.get("options") or []),
        "variants": variants,
        "price_minor": min(each["price_minor"] for each in variants),
        "freight_minor": draft["freight_minor"],
        "currency": "CNY",
        "images": list(draft.get("images") or []),
        "terms": offers.terms_of(schema, draft),
        **{key: draft[key] for key in ("freight", "weight_grams", "reduction") if draft.get(key)},
    }


def _variants(draft: Mapping[str, Any]) -> list[dict[str, Any]]:
    pictures = len(draft.get("images") or [])
    return [
        {
            **each,
            "price_minor": draft["price_minor"] if each["price_minor"] is None else each["price_minor"],
            "images": [place for place in each["images"] if place < pictures],
        }
        for each in draft.get("variants") or []
    ]


def _only(draft: Mapping[str, Any], listing_id: UUID, code: str, barcode: str) -> dict[str, Any]:
    """The one variant of a listing without options, which has the listing's id."""
    return {
        "id": str(listing_id),
        "sku": code,
        "choice": {},
        "price_minor": draft["price_minor"],
        "barcode": barcode,
        "images": [],
    }


def same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two contents promise the same; what was frozen before there were variants has one."""
    if "variants" in old or new["options"]:
        return old == new
    only = new["variants"][0]
    return {**old, "options": [], "variants": [{**only, "price_minor": old["price_minor"]}]} == new


def _texts(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {locale: text.strip() for locale in LANGUAGES if (text := (texts or {}).get(locale, "")).strip()}


def search_literal(schema: Schema, content: Mapping[str, Any], *, shop: str, code: str, barcode: str) -> str:
    attributes = content["attributes"]
    known = {key: spec for key in _SEARCHED if (spec := schema.by_key.get(key)) is not None}
    varied = [each[key] for each in content["variants"] for key in ("sku", "barcode")]
    return lexemes_of(
        titles=content["title"].values(),
        shop=shop,
        codes=dict.fromkeys([code, barcode, *varied, *_numbers(attributes)]),
        facts={key: shown(spec, attributes.get(key), "zh-hans") for key, spec in known.items()},
        descriptions=content["description"].values(),
    )


def shelf_facts(schema: Schema, content: Mapping[str, Any]) -> dict[str, Any]:
    """What lists filter by, read out of a frozen content: columns of the listing."""
    attributes = content["attributes"]
    return {
        "ships_from": attributes.get(ROUTE) or "home",
        "origin": str(attributes.get("origin") or "")[:60],
        "brand_key": brand_names.folded(str(attributes.get("brand") or "")),
        "told_in_full": all(spec.key == ROUTE for spec in assess(schema, content).optional),
        "shelf_price_to": _prices_by_place(content) if content.get("freight") else None,
    }


def _prices_by_place(content: Mapping[str, Any]) -> dict[str, int]:
    """Only places that it is sent to: whatever isn't named has no price there."""
    named = {place for zone in content["freight"]["zones"] for place in zone["places"]}
    prices = {place: price_to(content, place) for place in destinations.places() if place in named}
    return {place: price for place, price in prices.items() if price is not None}


def price_to(content: Mapping[str, Any], place: str) -> int | None:
    """The lowest all-in price of one piece to a place, in minor units; None where it isn't sent."""
    sent = [offers.to(content, each, place) for each in offers.variants(content)]
    return min((each.all_in.minor for each in sent if each), default=None)


def _numbers(attributes: Mapping[str, Any]) -> list[str]:
    """As printed, and without the dashes and spaces that people leave out."""
    found = [str(attributes[key]) for key in _NUMBERS if attributes.get(key)]
    return [*found, *(re.sub(r"[\s-]", "", each) for each in found)]


def sort_key(content: Mapping[str, Any]) -> str:
    return title_key(offers.title(content, "zh-hans"))


def working_title(draft: Mapping[str, Any]) -> str:
    """What the merchant's own list calls it."""
    return offers.title(draft, "zh-hans")[:200]


def fresh_code() -> str:
    """A code for a listing whose merchant gave none."""
    return f"L{new_id().hex[-10:].upper()}"

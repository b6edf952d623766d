"""From a draft to what is frozen: only what the schema knows, in one fixed shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from catalog import offers
from catalog.schema import Schema
from catalog.search_text import lexemes_of, title_key
from catalog.values import shown
from kernel.ids import new_id

LANGUAGES = ("zh-hans", "zh-hant", "en")

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


def freeze(schema: Schema, draft: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a revision; the draft must be complete."""
    attributes = draft.get("attributes") or {}
    return {
        "category": schema.slug,
        "schema_version": schema.version,
        "title": _texts(draft.get("title")),
        "description": _texts(draft.get("description")),
        "attributes": {
            each.key: attributes[each.key] for each in schema.fields if attributes.get(each.key) is not None
        },
        "price_minor": draft["price_minor"],
        "freight_minor": draft["freight_minor"],
        "currency": "CNY",
        "images": list(draft.get("images") or []),
        "terms": offers.terms_of(schema, draft),
        **({"reduction": draft["reduction"]} if draft.get("reduction") else {}),
    }


def _texts(texts: Mapping[str, str] | None) -> dict[str, str]:
    return {locale: text.strip() for locale in LANGUAGES if (text := (texts or {}).get(locale, "")).strip()}


def search_literal(schema: Schema, content: Mapping[str, Any], *, shop: str, code: str, barcode: str) -> str:
    attributes = content["attributes"]
    known = {key: spec for key in _SEARCHED if (spec := schema.by_key.get(key)) is not None}
    return lexemes_of(
        titles=content["title"].values(),
        shop=shop,
        codes=[code, barcode, *_numbers(attributes)],
        facts={key: shown(spec, attributes.get(key), "zh-hans") for key, spec in known.items()},
        descriptions=content["description"].values(),
    )


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

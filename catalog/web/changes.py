"""What changed between two versions of an offer, field by field, with the words marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog import offers
from catalog.models import Listing, ListingRevision
from catalog.schema import Schema, in_language, schema_of
from catalog.values import shown
from catalog.web import diffing
from kernel.money import Money

Part = dict[str, Any]


def between(
    listing: Listing, revision: ListingRevision, newer: ListingRevision | None, *, locale: str
) -> list[Part]:
    """Where `newer` (the draft where there is none) differs from a frozen revision: label, before, after."""
    schema = schema_of(listing.category.schema)
    old, new = revision.content, newer.content if newer else listing.draft
    found = [
        *_text_changes(old, new),
        *_fact_changes(schema, old["attributes"], new.get("attributes") or {}, locale),
        (_("Price"), _sum(old.get("price_minor")), _sum(new.get("price_minor"))),
        (_("Freight"), _sum(old.get("freight_minor")), _sum(new.get("freight_minor"))),
        (_("Promises"), _codes(old["terms"]), _codes(offers.terms_of(schema, new))),
        (_("Pictures"), _pictures(old, locale), _pictures(new, locale)),
    ]
    return [_change(*each) for each in found if each[1] != each[2]]


def _change(label: str, before: str, after: str) -> Part:
    went, came = diffing.marked(before, after)
    return {"label": label, "before": went, "after": came}


def _text_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    names = {"title": _("Title"), "description": _("Description")}
    return [
        (f"{name} ({locale})", (old.get(key) or {}).get(locale, ""), (new.get(key) or {}).get(locale, ""))
        for key, name in names.items()
        for locale in ("zh-hans", "zh-hant", "en")
    ]


def _fact_changes(
    schema: Schema, old: Mapping[str, Any], new: Mapping[str, Any], locale: str
) -> list[tuple[str, str, str]]:
    return [
        (
            in_language(each.labels, locale),
            shown(each, old.get(each.key), locale),
            shown(each, new.get(each.key), locale),
        )
        for each in schema.fields
    ]


def _sum(minor: int | None) -> str:
    return "" if minor is None else Money(minor).decimal_text


def _codes(terms: Mapping[str, Any]) -> str:
    return ", ".join([*(terms.get("promises") or []), *filter(None, [terms.get("excludes_return")])])


def _pictures(content: Mapping[str, Any], locale: str) -> str:
    """Each picture by what it shows, or by its file."""
    images = content.get("images") or []
    return "\n".join(in_language(each.get("alt") or {}, locale) or each["src"] for each in images)

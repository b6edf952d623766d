"""What changed between two versions of an offer, field by field, with the words marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from catalog import confirm_terms, offers, promises, reduction_terms
from catalog.models import Listing, ListingRevision
from catalog.schema import Schema, in_language, schema_of
from catalog.values import shown
from catalog.web import confirm_field, diffing, freight_words
from catalog.web.variant_changes import option_changes, variant_changes
from kernel.money import Money
from rulebook import wording

Part = dict[str, Any]
EXCLUDED = {"never": wording.NO_RETURN, "confirm": wording.IF_CONFIRMED}


def between(
    listing: Listing, revision: ListingRevision, newer: ListingRevision | None, *, locale: str
) -> list[Part]:
    """Where `newer` (the draft where there is none) differs from a frozen revision: label, before, after."""
    schema = schema_of(listing.category.schema)
    old, new = revision.content, newer.content if newer else listing.draft
    found = [
        *_text_changes(old, new),
        *_fact_changes(schema, old["attributes"], new.get("attributes") or {}, locale),
        (_("Price"), _sum(_lowest(old)), _sum(_lowest(new))),
        *option_changes(old, new, locale),
        *variant_changes(old, new, locale),
        (_("Crossed-out price"), _crossed_out(old), _crossed_out(new)),
        (_("Freight"), _freight(old, locale), _freight(new, locale)),
        (_("Grams"), str(old.get("weight_grams") or ""), str(new.get("weight_grams") or "")),
        (_("Promises"), _promised(old["terms"], locale), _promised(offers.terms_of(schema, new), locale)),
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


def _lowest(content: Mapping[str, Any]) -> int | None:
    """A version holds the lowest price of its variants; a draft that of the whole listing."""
    own = content.get("price_minor")
    rows = [each.get("price_minor") for each in content.get("variants") or []]
    asked = [
        minor for minor in (own if each is None else each for each in rows or [own]) if minor is not None
    ]
    return min(asked, default=None)


def _crossed_out(content: Mapping[str, Any]) -> str:
    claim = content.get(reduction_terms.FIELD)
    return Money(claim["was_minor"]).decimal_text if claim else ""


def _freight(content: Mapping[str, Any], locale: str) -> str:
    """A fixed sum, or a template's zones, a line each."""
    terms = content.get("freight")
    if not terms:
        return _sum(content.get("freight_minor"))
    zones = freight_words.lines(terms, locale=locale)
    return "\n".join(f"{each['places']}: {each['price']}" for each in zones)


def _promised(terms: Mapping[str, Any], locale: str) -> str:
    """Each promise, and what can't be sent back, as buyers read it."""
    made = [in_language(each.texts, locale) for each in promises.made(terms)]
    exclusion = EXCLUDED.get(terms.get("excludes_return") or "")
    confirmed = confirm_field.said(confirm_terms.hours(terms))
    return "\n".join(filter(None, [*made, _(exclusion) if exclusion else "", confirmed]))


def _pictures(content: Mapping[str, Any], locale: str) -> str:
    """Each picture by what it shows, or by its file."""
    images = content.get("images") or []
    return "\n".join(in_language(each.get("alt") or {}, locale) or each["src"] for each in images)

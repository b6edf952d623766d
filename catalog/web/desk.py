"""What the portal's listing pages show: completeness with its duties, the card, versions, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import licensing, offers, promise_terms, reduction_terms, stock, warranty
from catalog.completeness import Gap, Report, assess, with_gaps
from catalog.contents import freeze, same
from catalog.licensing import Papers
from catalog.lifecycle import STATE_WORDS, ListingState
from catalog.models import Category, Listing
from catalog.schema import Schema, in_language, schema_of
from catalog.schemas_by_version import schema_at
from catalog.web import papers
from catalog.web.effects import effects
from catalog.web.offer_page import law
from catalog.web.presenting import promised, statutory_days, strip
from catalog.web.price_rule import price_rule
from kernel.money import Money
from merchants.capabilities import Capability
from merchants.models import Membership
from web.errors import said

Part = dict[str, Any]


def editor(listing: Listing, membership: Membership, *, locale: str, at: datetime) -> Part:
    """The editor's context but for its form."""
    schema = schema_of(listing.category.schema)
    demanded, unheld = papers.part(listing, membership, locale=locale, at=at)
    owed = warranty.gaps(schema, listing.draft, at=at)
    more = [*unheld, *reduction_terms.gaps(listing, listing.draft, at=at), *owed]
    report = with_gaps(assess(schema, listing.draft), more, met=len(demanded) - len(unheld))
    duties = named({each["duty"] for each in demanded}, locale, at)
    return {
        "merchant": membership.merchant,
        "listing": listing,
        "schema": schema,
        "category_name": in_language(schema.names, locale),
        "state_said": _(STATE_WORDS[ListingState(listing.state)]),
        "may_edit": membership.can(Capability.LISTINGS) and listing.state != ListingState.SUSPENDED,
        "may_publish": membership.can(Capability.LISTINGS) and membership.merchant.may_publish,
        "effects": effects(membership.merchant, at=at),
        "papers": [{**each, "duty": duties[each["duty"]]} for each in demanded],
        "completeness": completeness(report, locale=locale, at=at),
        "same_as_live": listing.is_live and _draft_is_live(schema, listing, report),
        **_price_rule(listing, locale=locale, at=at),
        "card": preview_card(listing, locale=locale, at=at),
        "preview_ledger": _ledger(listing.draft),
    }


def _price_rule(listing: Listing, *, locale: str, at: datetime) -> Part:
    rule = price_rule(listing, listing.draft, at=at)
    return {"price_rule": rule, "price_duty": named([rule["duty"]], locale, at)[rule["duty"]]}


def _draft_is_live(schema: Schema, listing: Listing, report: Report) -> bool:
    if not report.complete or listing.live_revision is None:
        return False
    drafted = freeze(schema, listing.draft, listing_id=listing.pk, code=listing.code, barcode=listing.barcode)
    return same(listing.live_revision.content, drafted)


def completeness(report: Report, *, locale: str, at: datetime) -> Part:
    """The panel: how much is told, each gap as a link with the duty behind it, what could still be told."""
    duties = named({gap.duty for gap in report.gaps} | {spec.duty for spec in report.optional}, locale, at)
    return {
        "stated": report.stated,
        "owed": report.owed,
        "complete": report.complete,
        "gaps": [_gap(gap, duties, locale) for gap in report.gaps],
        "optional": [
            {"anchor": f"#f-{spec.key}", "label": in_language(spec.labels, locale), "duty": duties[spec.duty]}
            for spec in report.optional
        ],
        "cells": [*[""] * report.stated, *["bad"] * len(report.gaps)],
    }


def duty_names(schema: Schema, *, locale: str, at: datetime) -> dict[str, str]:
    """The law behind each duty of a schema, as it is cited."""
    return named({spec.duty for spec in schema.fields}, locale, at)


def named(rule_ids: Iterable[str], locale: str, at: datetime) -> dict[str, str]:
    """The law behind each rule, as it is cited; the id where no text is loaded."""
    found = {rule_id: law(rule_id, locale=locale, at=at) for rule_id in rule_ids}
    return {rule_id: cited["name"] if cited else rule_id for rule_id, cited in found.items()}


def _gap(gap: Gap, duties: Mapping[str, str], locale: str) -> Part:
    field = "title_zh-hans" if gap.field == "title" else gap.field
    return {
        "anchor": gap.where or f"#f-{field}",
        "elsewhere": bool(gap.where),
        "label": gap.label_in(locale),
        "duty": duties[gap.duty],
        "problem": said(gap.problem, dict(gap.params)),
    }


def preview_card(listing: Listing, *, locale: str, at: datetime) -> Part:
    """The draft as the card that buyers would see."""
    draft = listing.draft
    schema = schema_of(listing.category.schema)
    picture = offers.picture(draft) or {}
    content = {**draft, "category": listing.category_id, "terms": offers.terms_of(schema, draft)}
    terms = promise_terms.of_shelf(listing.merchant, content, at=at)
    return {
        "title": offers.title(draft, locale) or _("Without a title"),
        "picture": picture.get("src", ""),
        "mat": picture.get("mat", "sand"),
        "amount": Money((draft.get("price_minor") or 0) + (draft.get("freight_minor") or 0)),
        "strip": strip(terms, merchant=listing.merchant, days=statutory_days(at))
        + promised(terms, locale=locale),
    }


def _ledger(draft: Mapping[str, Any]) -> list[Part]:
    price, freight = draft.get("price_minor") or 0, draft.get("freight_minor") or 0
    return [
        {"label": _("Goods"), "note": _("tax included"), "amount": Money(price)},
        {"label": _("Freight"), "note": "", "amount": Money(freight)},
        {"label": _("You pay"), "note": "", "amount": Money(price + freight), "total": True},
    ]


def rows(
    listings: Sequence[Listing], categories: Sequence[Category], shop: Papers, *, locale: str
) -> list[Part]:
    """Lines of the index; schemas come from the process, so it costs no statement a row."""
    known = {row.pk: row for row in categories}
    return [_row(listing, known[listing.category_id], shop, locale) for listing in listings]


def _asked(draft: Mapping[str, Any]) -> Part:
    """The draft's price, or from the lowest to the highest of its variants."""
    whole = draft.get("price_minor")
    own = [each["price_minor"] for each in draft.get("variants") or []]
    sums = [whole if minor is None else minor for minor in own or [whole]]
    known = [minor for minor in sums if minor is not None]
    low, high = (min(known), max(known)) if known else (None, None)
    return {
        "price": None if low is None else Money(low),
        "price_to": None if high is None or high == low else Money(high),
    }


def _row(listing: Listing, category: Category, shop: Papers, locale: str) -> Part:
    schema = schema_at(category.pk, category.schema_version)
    gaps = [
        *assess(schema, listing.draft).gaps,
        *licensing.missing(schema, listing.draft, papers=shop),
    ]
    held = stock.pieces(listing).values()
    return {
        "url": reverse("catalog:listing", args=[shop.slug, listing.pk]),
        "title": listing.working_title or _("Without a title"),
        "code": listing.code,
        "category": in_language(category.names, locale),
        "state": listing.state,
        "state_said": _(STATE_WORDS[ListingState(listing.state)]),
        **_asked(listing.draft),
        "on_hand": sum(each.on_hand for each in held),
        "reserved": sum(each.reserved for each in held),
        "left": sum(each.on_hand - each.reserved for each in held),
        "gaps": len(gaps),
        "saved_at": listing.draft_saved_at,
        "waits_since": getattr(listing, "waits_since", None),
    }

"""One offer in full: rights, disclosures, price and seller, for product and revision pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog import brand_direct, confirm_terms, offers, promise_terms, promises, vouching
from catalog.models import Listing, ListingRevision
from catalog.schema import Schema, in_language
from catalog.schemas_by_version import schema_at
from catalog.values import shown
from catalog.web import confirm_field
from kernel.errors import NotFound
from law.rights import Right, rights_for
from merchants.document_kinds import KIND_WORDS, DocumentKind
from merchants.models import Merchant
from rulebook import current, queries, wording
from web import languages
from web.formats import day_text

Part = dict[str, Any]


def offer(
    listing: Listing, revision: ListingRevision, *, locale: str, at: datetime, frozen: bool = False
) -> Part:
    """What product and revision pages share; `frozen` asks who sold it then, not now."""
    content, merchant = revision.content, listing.merchant
    person = offers.sold_by_a_person(content) if frozen else merchant.is_private_person
    schema = schema_at(content["category"], content["schema_version"])
    # A frozen page says what the seller said then; what is checked today stands on the offer of today.
    proofs = () if frozen else getattr(listing, "proofs", ())
    direct = None if frozen else brand_direct.claim_of(listing)
    said = offers.title_language(content, locale)
    return {
        "listing": listing,
        "revision": revision,
        "merchant": merchant,
        "direct": direct,
        "by_person": person,
        "title": offers.title(content, locale),
        "title_lang": "" if said == locale else languages.tag(said),
        "description": offers.description(content, locale),
        "category_name": in_language(schema.names, locale),
        "images": images(content, None, locale=locale),
        "rights": slip(rights_of(revision, merchant, at=at, person=person), locale=locale, at=at),
        "disclosures": disclosures(schema, revision, locale=locale, at=at, proofs=proofs, direct=direct),
        "counted": _counted(schema, revision),
        "promises": promised(promise_terms.of_shelf(merchant, content, at=at), locale=locale),
        "confirmed_first": confirm_field.said(confirm_terms.hours(content.get("terms") or {})),
    }


def promised(terms: Mapping[str, Any], *, locale: str) -> list[Part]:
    """Promises in words, with who notices that one isn't kept."""
    return [
        {
            "text": in_language(each.texts, locale),
            "watch": _(promises.WATCH_WORDS[each.watch]),
            "watched": each.watch is not promises.Watch.COMPLAINT,
        }
        for each in promises.made(terms)
    ]


def images(content: Part, chosen: offers.VariantOffer | None, *, locale: str) -> list[Part]:
    """The pictures of what is chosen, in the reader's language."""
    return [_image(each, locale) for each in offers.pictures(content, chosen.images if chosen else ())]


def _image(image: Mapping[str, Any], locale: str) -> Part:
    return {**image, "alt": in_language(image.get("alt") or {}, locale)}


def rights_of(
    revision: ListingRevision, merchant: Merchant, *, at: datetime, person: bool
) -> tuple[Right, ...]:
    """The rights of a buyer here and now, before anything was delivered."""
    return rights_for(
        pack=current.pack("CN", at),
        calendar=current.calendar("CN"),
        facts=offers.legal_facts(
            revision.content,
            terms=promise_terms.of_shelf(merchant, revision.content, at=at),
            private_seller=person,
        ),
        buyer_place="CN",
        seller_place=merchant.place,
        at=at,
    )


def slip(rights: Sequence[Right], *, locale: str, at: datetime) -> list[Part]:
    """The inputs of components/right_slip.html: what, until, cost, source; or why not."""
    return [
        {
            "name": wording.name(right),
            "kind": str(right.stamp),
            "what": wording.say(right.can_do),
            "until": wording.say(right.until),
            "cost": wording.say(right.cost) if right.applies else "",
            "source": law(right.rule_id, locale=locale, at=at),
            "state": "available" if right.applies else "not_applicable",
            "why": wording.say(right.why_not) if right.why_not else "",
        }
        for right in rights
    ]


def law(rule_id: str, *, locale: str, at: datetime) -> Part | None:
    """The inputs of components/law_popover.html; None where no text of that id is loaded."""
    try:
        found = queries.citation(rule_id, locale, at=at)
    except NotFound:
        return None
    return {
        "name": found.law,
        "plain": found.sentence,
        "place": found.place,
        "since": wording.day_text(found.since),
        "url": found.url,
    }


def disclosures(
    schema: Schema,
    revision: ListingRevision,
    *,
    locale: str,
    at: datetime,
    proofs: Iterable[Mapping[str, Any]] = (),
    direct: UUID | None = None,
) -> list[Part]:
    """Every field that has a value, and every optional one that the seller left open."""
    attributes, popovers = revision.content["attributes"], {}
    behind = vouching.vouches(proofs, schema, attributes, direct=direct)
    rows = []
    for spec in schema.fields:
        value = attributes.get(spec.key)
        if value is None and spec.required_if is not None:
            continue
        if spec.duty not in popovers:
            popovers[spec.duty] = _popover(spec.duty, locale, at)
        rows.append(
            {
                "label": in_language(spec.labels, locale),
                "value": shown(spec, value, locale),
                "source": "missing" if value is None else _source(behind.get(spec.key)),
                "vouch": _vouched(behind.get(spec.key)),
                "duty": popovers[spec.duty],
            }
        )
    return rows


def _vouched(vouch: vouching.Vouch | None) -> vouching.Vouch | None:
    """With the shop's document in words: what it is, who issued it, and the register that agreed."""
    if vouch is None or not vouch.paper:
        return vouch
    said = [_(KIND_WORDS[DocumentKind(vouch.paper)]), *([vouch.who] if vouch.who else [])]
    if vouch.register:
        said.append(_("the register agrees"))
    return replace(vouch, who=_("checked against: %(papers)s") % {"papers": ", ".join(said)})


def _source(vouch: vouching.Vouch | None) -> str:
    return vouch.by if vouch else "declared"


def _popover(rule_id: str, locale: str, at: datetime) -> SafeString | str:
    found = law(rule_id, locale=locale, at=at)
    return render_to_string("catalog/parts/duty.html", {"law": found}) if found else ""


def _counted(schema: Schema, revision: ListingRevision) -> str:
    attributes = revision.content["attributes"]
    asked = [each for each in schema.fields if each.required_if is None or each.demanded(attributes)]
    told = sum(1 for each in asked if attributes.get(each.key) is not None)
    return _("%(asked)s facts to disclose, %(told)s disclosed. Every line says who answers for it.") % {
        "asked": len(asked),
        "told": told,
    }


def credit(merchant: Merchant, *, locale: str) -> Part:
    """The inputs of components/credit_gauge.html, from the columns that credit writes down."""
    facts = merchant.credit_facts or {}
    parts = [
        {
            "label": in_language(each.get("label") or {}, locale),
            "weight": each.get("weight"),
            "value": round(int(each.get("permille") or 0) / 10),
        }
        for each in facts.get("parts") or []
    ]
    orders = facts.get("orders")
    sample = _("From %(orders)s orders in the past 12 months") % {"orders": orders} if orders else ""
    updated = (
        _("Grade since %(day)s") % {"day": day_text(merchant.grade_since)} if merchant.grade_since else ""
    )
    return {
        "letter": merchant.grade,
        "score_permille": merchant.score_permille,
        "sample": sample,
        "parts": parts,
        "why": in_language(facts.get("why") or {}, locale),
        "updated": updated,
    }

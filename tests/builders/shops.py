"""Shops and offers for tests: made through the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from catalog import stock as stocks
from catalog.categories import load_categories, schema_files
from catalog.drafting import create_listing
from catalog.models import Category, Listing
from catalog.publishing import publish
from catalog.schema import Field, Schema, schema_of
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import documents
from merchants.document_kinds import DocumentKind
from merchants.models import Application, Merchant
from tests.builders.applications import admitted, handed_in
from tests.builders.papers import a_document
from tests.builders.people import a_member as a_member
from tests.builders.rulebook import the_rulebook

ADMITTED = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
LISTED = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SLUGS = [each["slug"] for each in schema_files()]
_numbers = count(1)


def the_catalogue() -> None:
    """Law packs and categories, as the bootstrap loads them; repeated, it does nothing."""
    the_rulebook()
    if not Category.objects.exists():
        load_categories(at=ADMITTED)


def an_application(*, applicant_id: UUID | None = None, at: datetime = ADMITTED, **identity: str) -> Merchant:
    """A shop whose application was handed in, its file examined, and waits for the decision."""
    number = next(_numbers)
    facts = {
        "display_name": f"山止工坊{number}",
        "legal_name": f"山止器物有限公司{number}",
        "address_public": "北京市朝阳区示例路 1 号",
        "contact_public": "010-0000-0000",
        "contact_name": "周一",
        "contact_phone": "13800000000",
        **identity,
    }
    return handed_in(applicant_id=applicant_id or _owner(at), facts=facts, at=at).merchant


def a_merchant(*, at: datetime = ADMITTED, applicant_id: UUID | None = None, **identity: str) -> Merchant:
    """An admitted merchant that trades; `applicant_id` becomes its owner."""
    the_catalogue()
    merchant = an_application(applicant_id=applicant_id, at=at, **identity)
    # Deposits have tests of their own (builders/deposits.py); elsewhere sales would fill them first.
    Application.objects.filter(merchant=merchant).update(deposit_minor=0)
    return admitted(merchant, at=at)


def _owner(at: datetime) -> UUID:
    from privacy.subjects import create_subject

    return create_subject(locale="zh-hans", at=at).pk


def a_listing(
    *,
    merchant: Merchant | None = None,
    live: bool = True,
    category: str = "home",
    title: str = "月白釉手作横手急须 480 ml",
    price: str = "39.00",
    freight: str = "0.00",
    stock: int = 10,
    code: str = "",
    barcode: str = "",
    at: datetime = LISTED,
    without: str = "",
    papers: bool = True,
    **changes: Any,
) -> Listing:
    """A complete listing, on sale unless `live` is False; `without` leaves one field out.

    The shop gets the documents that its category demands, unless `papers` is False.
    """
    merchant = merchant or a_merchant()
    actor = Actor.member(new_id(), merchant.pk)
    if same := Listing.objects.filter(merchant=merchant, working_title__startswith=title).count():
        # Two of a shop with one title are asked about before they go on sale; a number tells them apart.
        title = f"{title} {same + 1}"
    draft = {**a_complete_draft(category, title=title, price=price, freight=freight), **changes}
    if without:
        draft = _without(draft, without)
    listing = create_listing(
        merchant_id=merchant.pk,
        category=category,
        code=code,
        barcode=barcode,
        changes=draft,
        actor=actor,
        at=at,
    )
    if stock:
        stocks.add(variant_id=listing.pk, quantity=stock, actor=actor, at=at)
    if papers:
        papers_for(merchant, category, listing.draft, at=at)
    if live:
        publish(listing_id=listing.pk, actor=actor, at=at)
    return Listing.objects.with_offer().get(pk=listing.pk)


def papers_for(
    merchant: Merchant, category: str, draft: Mapping[str, Any], *, at: datetime = ADMITTED
) -> None:
    """The shop holds what nobody may sell this without."""
    wanted = the_schema(category).licences_for(draft["attributes"])
    held = documents.holding(merchant.pk, [each.kind for each in wanted], at=at) if wanted else ()
    for licence in wanted:
        if licence.kind not in held:
            a_document(merchant=merchant, kind=DocumentKind(licence.kind), at=at)


def a_complete_draft(
    category: str, *, title: str, price: str = "39.00", freight: str = "0.00"
) -> dict[str, Any]:
    schema = the_schema(category)
    return {
        "title": {"zh-hans": title},
        "description": {"zh-hans": "一段真实的说明。"},
        "attributes": complete_attributes(schema),
        "price_minor": Money.parse(price).minor,
        "freight_minor": Money.parse(freight).minor,
        "images": [{"src": "pictures/1fad6.webp", "alt": {"zh-hans": "一把茶壶"}, "mat": "sand"}],
        "terms": {"promises": []},
    }


def the_schema(category: str) -> Schema:
    return schema_of(Category.objects.get(pk=category).schema)


def complete_attributes(schema: Schema, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every field the law demands, filled; answers that demand others bring those along."""
    filled: dict[str, Any] = dict(known or {})
    for _ in range(3):
        for spec in schema.fields:
            if spec.key not in filled and spec.demanded(filled):
                filled[spec.key] = an_answer(spec)
    return filled


def an_answer(spec: Field) -> Any:
    match spec.type:
        case "date":
            return "2026-10-01"
        case "duration_days":
            return 365
        case "quantity":
            return {"value": "500", "unit": spec.units[0].value}
        case "choice":
            return spec.choices[0].value
        case "list":
            return ["一件", "两件"]
    return f"{spec.labels['zh-hans']}说明"


def _without(draft: Mapping[str, Any], field: str) -> dict[str, Any]:
    top = {"price": "price_minor", "freight": "freight_minor"}.get(field, field)
    if top in draft:
        return {key: value for key, value in draft.items() if key != top}
    kept = {key: value for key, value in draft["attributes"].items() if key != field}
    return {**draft, "attributes": kept}

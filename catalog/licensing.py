"""What a category lets be sold only by a shop that holds a licence: not on sale before, off sale after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalog.completeness import Gap
from catalog.contents import LANGUAGES
from catalog.models import Listing
from catalog.schema import Licence, Names, Schema, schema_of
from catalog.schemas_by_version import schema_at
from catalog.taking_down import take_down
from kernel.actor import Actor
from kernel.errors import N_
from merchants import documents
from merchants.document_kinds import KIND_WORDS, DocumentKind
from merchants.models import Merchant

SECTION = "papers"
NOT_HELD = N_(
    "The shop holds no checked and valid document for this. Hand it in under “Licences and documents”."
)
GONE = N_("The shop no longer holds a valid document for this: %(kind)s.")


@dataclass(frozen=True, slots=True)
class Papers:
    """What a shop holds checked and valid, with the last day of each (None: no end)."""

    held: Mapping[str, date | None]
    slug: str


def missing(schema: Schema, draft: Mapping[str, Any], *, papers: Papers) -> list[Gap]:
    """What the shop would have to hold to sell this and does not."""
    return [_gap(each, papers.slug) for each in demanded_by(schema, draft) if each.kind not in papers.held]


def papers_of(merchant: Merchant, *, at: datetime) -> Papers:
    return Papers(documents.held_by(merchant, at=at), merchant.slug)


def demanded(listing: Listing) -> tuple[Licence, ...]:
    """What the draft, as it stands, asks the shop to hold."""
    return demanded_by(schema_of(listing.category.schema), listing.draft)


def where(slug: str, kind: str) -> str:
    return f"{reverse('merchants:documents', args=[slug])}?kind={kind}#hand-in"


def demanded_by(schema: Schema, draft: Mapping[str, Any]) -> tuple[Licence, ...]:
    return schema.licences_for(draft.get("attributes") or {})


def _gap(licence: Licence, slug: str) -> Gap:
    labels = names_of(licence.kind)
    return Gap(
        field_of(licence.kind),
        labels["zh-hans"],
        licence.duty,
        section=SECTION,
        problem=NOT_HELD,
        labels=labels,
        where=where(slug, licence.kind),
    )


def field_of(kind: str) -> str:
    """Under which name a missing document stands among the gaps."""
    return f"{SECTION}.{kind}"


def names_of(kind: str) -> Names:
    """What the document is called, in every language."""
    found = {}
    for locale in LANGUAGES:
        with translation.override(locale):
            found[locale] = gettext(KIND_WORDS[DocumentKind(kind)])
    return found


def take_down_without(*, merchant_id: UUID, kind: str, at: datetime) -> int:
    """Everything live that demands the document goes off sale; nothing if another valid one is there."""
    if documents.holds(merchant_id, kind, at=at):
        return 0
    rows = Listing.objects.of_merchant(merchant_id).filter(state="live").select_related("live_revision")
    taken = 0
    for listing in rows.defer("search", "draft"):
        duty = _duty(listing, kind)
        if duty:
            with translation.override("zh-hans"):
                reason = gettext(GONE) % {"kind": gettext(KIND_WORDS[DocumentKind(kind)])}
            take_down(listing_id=listing.pk, reason=reason, rule_id=duty, actor=Actor.system(), at=at)
            taken += 1
    return taken


def _duty(listing: Listing, kind: str) -> str:
    """The duty for which what is on sale demands the document; empty where it doesn't."""
    content = listing.live_revision.content if listing.live_revision else {}
    if not content:
        return ""
    schema = schema_at(content["category"], content["schema_version"])
    found = [each.duty for each in schema.licences_for(content["attributes"]) if each.kind == kind]
    return found[0] if found else ""

"""On sale without a document that its category demands by now: found by night, told, off sale in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalog.deadlines import end_papers, paper_grace, start_papers
from catalog.models import Category, Listing, PaperNotice
from catalog.schema import Schema, schema_of
from catalog.taking_down import members_of, take_down
from kernel.actor import Actor
from kernel.errors import N_
from merchants import documents
from merchants.document_kinds import KIND_WORDS, DocumentKind
from merchants.document_lifecycle import DocumentState
from merchants.lifecycle import SELLING
from merchants.models import Document, Merchant
from notifications.kinds import Value
from notifications.sending import send

LETTER = "catalog.papers_missing"
REASON = N_(
    "Its category may only be sold by a shop that holds a checked and valid document: %(kind)s."
    " The time of grace is over. Hand it in, then put the goods on sale again."
)
Schemas = Mapping[str, Schema]


def look_through(*, at: datetime) -> int:
    """Every selling shop with goods on sale that demand papers; gives how many notices were written.

    What was published is otherwise only checked when it is published again. A lost document is no case of
    grace: that takes down at once.
    """
    schemas = _demanding()
    live = Listing.objects.live().filter(category_id__in=schemas, merchant__state__in=map(str, SELLING))
    shops = live.order_by("merchant_id").values_list("merchant_id", flat=True).distinct()
    told = sum(_look_at(merchant_id, schemas, at) for merchant_id in shops.iterator(chunk_size=1000))
    for overdue in PaperNotice.objects.filter(ended_at__isnull=True, due_at__lte=at).order_by("due_at", "id"):
        on_grace_over(reference=overdue.pk, due_at=overdue.due_at, at=at)
    return told


@transaction.atomic
def close_if_held(*, merchant_id: UUID, kind: str, at: datetime) -> None:
    """A document was checked and is valid: what demanded it may stay."""
    running = PaperNotice.objects.filter(merchant_id=merchant_id, kind=kind, ended_at__isnull=True)
    notice = running.select_for_update(no_key=True).first()
    if notice is not None and documents.holds(merchant_id, kind, at=at):
        _end(notice, at)


@transaction.atomic
def on_grace_over(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """What still demands the document goes off sale, each with its reasons.

    A document that waits for our own check counts for the shop until we have decided: the night looks again.
    """
    notice = PaperNotice.objects.select_for_update(no_key=True).get(pk=reference)
    if notice.ended_at is not None or _waits(notice):
        return
    if not documents.holds(notice.merchant_id, notice.kind, at=at):
        with translation.override("zh-hans"):
            reason = gettext(REASON) % {"kind": gettext(KIND_WORDS[DocumentKind(notice.kind)])}
        for listing_id, duty in list(_short(notice.merchant_id, notice.kind, _demanding())):
            take_down(listing_id=listing_id, reason=reason, rule_id=duty, actor=Actor.system(), at=at)
    _end(notice, at)


def open_notices(merchant_id: UUID) -> list[PaperNotice]:
    """For the portal, the nearest end first."""
    rows = PaperNotice.objects.filter(merchant_id=merchant_id, ended_at__isnull=True)
    return list(rows.order_by("due_at", "id"))


def _look_at(merchant_id: UUID, schemas: Schemas, at: datetime) -> int:
    """A shop that holds every kind there is needs no look at its listings."""
    merchant = Merchant.objects.get(pk=merchant_id)
    kinds = {each.kind for schema in schemas.values() for each in schema.licences}
    lacking = sorted(kinds - documents.held_by(merchant, at=at).keys())
    return sum(_tell(merchant_id, kind, schemas, at) for kind in lacking)


@transaction.atomic
def _tell(merchant_id: UUID, kind: str, schemas: Schemas, at: datetime) -> int:
    """Start the time of grace for one kind; told already, or nothing on sale demands it: 0."""
    merchant = Merchant.objects.locked(merchant_id)
    if PaperNotice.objects.filter(merchant=merchant, kind=kind, ended_at__isnull=True).exists():
        return 0
    duties = Counter(duty for _listing, duty in _short(merchant_id, kind, schemas))
    if not duties:
        return 0
    window = paper_grace(at=at)
    notice = PaperNotice.objects.create(
        merchant=merchant,
        kind=kind,
        duty=duties.most_common(1)[0][0],
        listings=duties.total(),
        told_at=at,
        due_at=window.due_at,
    )
    start_papers(notice.pk, window, at=at)
    params: dict[str, Value] = {
        "shop": merchant.display_name,
        "listings": notice.listings,
        "until": notice.due_at,
        "path": reverse("catalog:shortfalls", args=[merchant.slug]),
    }
    for reader in members_of(merchant):
        send(subject_id=reader, kind=LETTER, reference=notice.pk, params=params, at=at)
    return 1


def _waits(notice: PaperNotice) -> bool:
    """Such a document waits for our own check."""
    held = Document.objects.filter(merchant_id=notice.merchant_id, kind=notice.kind)
    return held.filter(state=DocumentState.HANDED_IN).exists()


def _end(notice: PaperNotice, at: datetime) -> None:
    notice.ended_at = at
    notice.save(update_fields=["ended_at"])
    end_papers(notice.pk, at=at)


def _demanding() -> dict[str, Schema]:
    """The categories that demand any document, as they are now."""
    found = {category.pk: schema_of(category.schema) for category in Category.objects.all()}
    return {slug: schema for slug, schema in found.items() if schema.licences}


def _short(merchant_id: UUID, kind: str, schemas: Schemas) -> Iterator[tuple[UUID, str]]:
    """What the shop has on sale that demands `kind`, with the duty behind it."""
    rows = Listing.objects.live().filter(merchant_id=merchant_id, category_id__in=schemas).order_by("pk")
    said = rows.values_list("pk", "category_id", "live_revision__content__attributes")
    for listing_id, category, attributes in said.iterator(chunk_size=1000):
        for licence in schemas[category].licences_for(attributes or {}):
            if licence.kind == kind:
                yield listing_id, licence.duty
                break

"""What is on sale and falls short of a category's new demands: counted, told, and off sale in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from catalog.completeness import Gap, assess
from catalog.deadlines import end_grace, grace, start_grace
from catalog.models import Listing, SchemaChange, SchemaNotice
from catalog.queries import ListingQuerySet
from catalog.schema import Schema, read
from catalog.taking_down import members_of, take_down
from kernel.actor import Actor
from kernel.errors import N_
from merchants.models import Merchant
from notifications.kinds import Value
from notifications.sending import send

LETTER = "catalog.schema_changed"
LOOKED_AT = 20_000
REASON = N_(
    "Its category demands by now: %(fields)s. The time of grace is over."
    " Complete it and put it on sale again."
)


@dataclass(frozen=True, slots=True)
class Preview:
    """Of `looked_at` live listings `short` fall short; `fields` say of what, most often first."""

    live: int
    looked_at: int
    short: int
    shops: int
    fields: tuple[tuple[str, int], ...]


def preview(change: SchemaChange) -> Preview:
    """What the change would mean today; of very many listings the newest are looked at."""
    schema, fields, shops = read(change.schema), Counter[str](), set[UUID]()
    looked_at = short = 0
    for listing in _live(change.category_id)[:LOOKED_AT].iterator(chunk_size=500):
        looked_at += 1
        gaps = _gaps(schema, listing)
        if gaps:
            short += 1
            shops.add(listing.merchant_id)
            fields.update(gap.field for gap in gaps)
    live = _live(change.category_id).count()
    return Preview(live, looked_at, short, len(shops), tuple(fields.most_common()))


@transaction.atomic
def tell_shops(*, change_id: UUID, at: datetime) -> int:
    """Start the time of grace of every shop that falls short; told once, returns how many shops."""
    change = SchemaChange.objects.select_related("category").get(pk=change_id)
    short = Counter(listing.merchant_id for listing, _gaps_ in _short(change))
    told = 0
    for merchant in Merchant.objects.filter(pk__in=short).order_by("pk"):
        if SchemaNotice.objects.filter(change=change, merchant=merchant).exists():
            continue
        _tell(change, merchant, short[merchant.pk], at)
        told += 1
    return told


def _tell(change: SchemaChange, merchant: Merchant, listings: int, at: datetime) -> None:
    window = grace(days=change.grace_days, at=at)
    notice = SchemaNotice.objects.create(
        change=change, merchant=merchant, listings=listings, due_at=window.due_at, told_at=at
    )
    start_grace(notice.pk, window, at=at)
    params: dict[str, Value] = {
        "shop": merchant.display_name,
        "listings": listings,
        "until": window.due_at,
        "reason": change.reason,
        "path": reverse("catalog:shortfalls", args=[merchant.slug]),
    }
    for reader in members_of(merchant):
        send(subject_id=reader, kind=LETTER, reference=notice.pk, params=params, at=at)


@transaction.atomic
def close_if_met(*, merchant_id: UUID, category: str, at: datetime) -> int:
    """End the notices of a shop whose listings of the category all comply now."""
    notices = SchemaNotice.objects.select_related("change__category").filter(
        merchant_id=merchant_id, change__category_id=category, ended_at__isnull=True
    )
    ended = 0
    for notice in notices.select_for_update(of=("self",)):
        if next(_short(notice.change, merchant_id), None) is None:
            end_grace(notice.pk, at=at)
            SchemaNotice.objects.filter(pk=notice.pk).update(ended_at=at)
            ended += 1
    return ended


def on_grace_over(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """What still falls short goes off sale, each with its reasons."""
    notice = SchemaNotice.objects.select_related("change__category").get(pk=reference)
    if notice.ended_at is not None:
        return
    for listing, gaps in list(_short(notice.change, notice.merchant_id)):
        with translation.override("zh-hans"):
            reason = gettext(REASON) % {"fields": "、".join(gap.label for gap in gaps)}
        take_down(listing_id=listing.pk, reason=reason, rule_id=gaps[0].duty, actor=Actor.system(), at=at)
    SchemaNotice.objects.filter(pk=notice.pk).update(ended_at=at)


def open_notices(merchant_id: UUID) -> list[SchemaNotice]:
    """For the portal, the nearest end first."""
    rows = SchemaNotice.objects.filter(merchant_id=merchant_id, ended_at__isnull=True)
    return list(rows.select_related("change__category").order_by("due_at", "id"))


def _live(category: str) -> ListingQuerySet:
    rows = Listing.objects.filter(category_id=category, state="live").select_related("live_revision")
    return rows.defer("search", "draft").order_by("-published_at", "id")


def _short(change: SchemaChange, merchant_id: UUID | None = None) -> Iterator[tuple[Listing, list[Gap]]]:
    """Live listings that lack what this change asked for and the category still asks for."""
    asked, now, rows = read(_in_force(change)), read(change.category.schema), _live(change.category_id)
    if merchant_id is not None:
        rows = rows.filter(merchant_id=merchant_id)
    for listing in rows.iterator(chunk_size=500):
        still = {gap.field for gap in _gaps(now, listing)}
        gaps = [gap for gap in _gaps(asked, listing) if gap.field in still]
        if gaps:
            yield listing, gaps


def _in_force(change: SchemaChange) -> dict[str, Any]:
    return {**change.schema, "schema_version": change.version or change.from_version}


def _gaps(schema: Schema, listing: Listing) -> tuple[Gap, ...]:
    revision = listing.live_revision
    return assess(schema, revision.content).gaps if revision else ()

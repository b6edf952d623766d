"""Price reductions: announced by a publication, shown while they stand on real deals, ended by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from catalog import pricing
from catalog.events import ReductionEnded
from catalog.models import Listing, ListingRevision, Reduction
from catalog.reduction_terms import Terms, claims, going_on, read
from kernel.money import Money
from law.pricing import Permitted
from outbox import bus

SWEPT_AT_ONCE = 200
INSTANTS = ("looks_from", "looks_until", "ends_at")
SHOWN = (*INSTANTS, "variant_id", "was_minor", "price_minor", "ceiling_minor", "currency", "basis", "rule_id")


def follow_publications(published: Sequence[tuple[Listing, ListingRevision, bool]], *, at: datetime) -> None:
    """What new revisions mean for reductions; the third says whether the listing was live before."""
    rows = Reduction.objects.open().filter(listing__in=[each.pk for each, _revision, _live in published])
    have = set(rows.values_list("listing_id", flat=True))
    for listing, revision, was_live in published:
        if listing.pk in have or any(read(each.part) for each in claims(revision.content, listing.pk)):
            _follow(listing, revision, was_live=was_live, at=at)


def _follow(listing: Listing, revision: ListingRevision, *, was_live: bool, at: datetime) -> list[Reduction]:
    """What a new revision means for the reductions of its variants: each goes on, ends, or is announced.

    The publication has checked the terms (`reduction_terms.gaps`). An unbroken reduction to the same price
    goes on and keeps the day it began.
    """
    claimed = [
        (each.shown, terms) for each in claims(revision.content, listing.pk) if (terms := read(each.part))
    ]
    going = [going_on(listing, terms, shown, at=at) if was_live else None for shown, terms in claimed]
    kept = {row.pk for row in going if row is not None}
    for row in Reduction.objects.open().filter(listing=listing).locked():
        if row.pk not in kept:
            _end(row, why="replaced", at=at)
    return [row or _announced(revision, *each, at=at) for row, each in zip(going, claimed, strict=True)]


def _announced(
    revision: ListingRevision, shown: pricing.Headline, terms: Terms, *, at: datetime
) -> Reduction:
    found = pricing.permitted(revision.listing, shown.variant_id, at=at)
    return _announce(revision, shown, terms, found, at=at)


def withdraw(listing: Listing, *, at: datetime) -> None:
    """What isn't on sale has no reduction; on sale again, it is checked anew."""
    for row in Reduction.objects.open().filter(listing=listing).locked():
        _end(row, why="withdrawn", at=at)


def _announce(
    revision: ListingRevision, shown: pricing.Headline, terms: Terms, found: Permitted, *, at: datetime
) -> Reduction:
    starts_at = max(terms.starts_at or at, at)
    return Reduction.objects.create(
        listing_id=revision.listing_id,
        variant_id=shown.variant_id,
        revision=revision,
        was_minor=terms.was.minor,
        price_minor=shown.price.minor,
        currency=revision.currency,
        announced_at=at,
        starts_at=starts_at,
        ends_at=terms.ends_at,
        state="running" if starts_at == at else "waiting",
        **_ground(found),
    )


def _ground(found: Permitted) -> dict[str, Any]:
    assert found.ceiling is not None
    return {
        "ceiling_minor": found.ceiling.minor,
        "basis": str(found.basis),
        "basis_at": found.price_at,
        "rule_id": found.rule_id,
        "pack_version": found.pack_version,
        "looks_from": found.since,
        "looks_until": found.until,
    }


@transaction.atomic
def recheck(variant_ids: Iterable[UUID], *, at: datetime) -> int:
    """End what no longer stands on a deal, after one came to nothing; gives how many ended."""
    ended = 0
    for row in Reduction.objects.open().filter(variant_id__in=list(variant_ids)).locked():
        found = pricing.permitted(row.listing, row.variant_id, at=row.looks_until, known_at=at)
        if not found.allows(row.was):
            _end(row, why="basis_lost", at=at)
            ended += 1
    return ended


@transaction.atomic
def sweep(*, at: datetime, limit: int = SWEPT_AT_ONCE) -> int:
    """Start what waits for its day and end what is over; gives how many rows moved."""
    due = list(Reduction.objects.due(at).order_by("pk").values_list("listing_id", flat=True)[:limit])
    # The listing first, as every publication does, so that nobody waits for the other.
    for listing_id in sorted(set(due)):
        Listing.objects.locked(listing_id)
    rows = Reduction.objects.due(at).filter(listing_id__in=due).locked()
    for row in rows:
        if row.ends_at <= at:
            _end(row, why="over", at=at)
        else:
            _start(row, at=at)
    return len(rows)


def _start(row: Reduction, *, at: datetime) -> None:
    """Its day has come: what is permitted is worked out anew from that instant."""
    found = pricing.permitted(row.listing, row.variant_id, at=row.starts_at, known_at=at)
    if not found.allows(row.was) or not row.listing.is_live:
        _end(row, why="basis_lost", at=at)
        return
    for name, value in {**_ground(found), "state": "running"}.items():
        setattr(row, name, value)
    row.save()


def _end(row: Reduction, *, why: str, at: datetime) -> None:
    row.state, row.ended_at, row.ended_why = "ended", at, why
    row.save(update_fields=["state", "ended_at", "ended_why"])
    if why == "basis_lost":
        bus.publish(ReductionEnded(row.listing_id, row.listing.merchant_id, row.pk, why), at=at)


def running(listing_ids: Iterable[UUID], *, at: datetime) -> Mapping[UUID, list[Reduction]]:
    """What may be shown crossed out now, by listing; one statement for a whole page."""
    found: dict[UUID, list[Reduction]] = {}
    for row in Reduction.objects.running_at(at).filter(listing_id__in=list(listing_ids)):
        found.setdefault(row.listing_id, []).append(row)
    return found


def of_outer_listing(at: datetime) -> ArraySubquery:
    """The reductions that run for a listing, inside the statement that fetches it; `shown_by` reads them."""
    rows = Reduction.objects.running_at(at).filter(listing=OuterRef("pk"))
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in SHOWN})))


def shown_by(listing: Listing, variant_id: UUID) -> Reduction | None:
    """A variant's, of what `of_outer_listing` brought along; None where nothing was asked or nothing runs."""
    for found in getattr(listing, "cut", None) or ():
        if found["variant_id"] == str(variant_id):
            instants = {name: datetime.fromisoformat(found[name]) for name in INSTANTS}
            return Reduction(**{**found, **instants, "variant_id": variant_id})
    return None


def latest(listing: Listing) -> Reduction | None:
    """The reduction that the editor tells of: the newest, open or ended."""
    return Reduction.objects.filter(listing=listing).order_by("-announced_at", "-id").first()


def shown_was(row: Reduction | None, price: Money) -> Money | None:
    """The sum to cross out beside `price`; none when the price is another than the one announced."""
    return row.was if row is not None and row.price_minor == price.minor else None

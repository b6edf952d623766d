"""What has been checked goes on sale: frozen, committed to, findable. Only `publishing` calls this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Value
from django.db.models.expressions import Func

from catalog import certificates, offers, promises, reductions, variants
from catalog.contents import search_literal, shelf_facts, sort_key
from catalog.events import ListingPublished
from catalog.models import Listing, ListingRevision
from catalog.moving import move_all
from catalog.pricing import note_prices
from catalog.schema import Schema
from evidence import log
from kernel.actor import Actor
from kernel.ids import new_id
from outbox import bus
from privacy import commitments
from rulebook import current

LABEL, SOLD_IN = "catalog.listing.publish", "CN"


@dataclass(frozen=True, slots=True)
class Ready:
    """A locked listing and its content as it will be frozen; `publishing.ready` has checked it."""

    listing: Listing
    schema: Schema
    content: dict[str, Any]


def put_on_sale(ready: Sequence[Ready], *, actor: Actor, at: datetime) -> list[ListingRevision]:
    """A revision of each, on the shelf with its price noted; as many statements for one as for all."""
    listings = [each.listing for each in ready]
    was_live = [each.is_live for each in listings]
    revisions = _freeze(ready, actor=actor, at=at)
    reductions.follow_publications(list(zip(listings, revisions, was_live, strict=True)), at=at)
    proved = certificates.behind(listings)
    shelved = [
        (each.listing, _on_shelf(each, revision, certified=each.listing.pk in proved, at=at))
        for each, revision in zip(ready, revisions, strict=True)
    ]
    move_all(shelved, "publish", actor=actor, at=at)
    variants.put_on_sale({each.listing.pk: _offered(each.content) for each in ready})
    note_prices(revisions, at=at)
    sealed = {each.pk: bytes(each.commitment) for each in revisions}
    log.queue_all(label=LABEL, commitments=sealed, at=at)
    bus.publish_all([_fact(each) for each in revisions], at=at)
    return revisions


def _offered(content: dict[str, Any]) -> set[UUID]:
    return {UUID(each["id"]) for each in content["variants"]}


def _fact(revision: ListingRevision) -> ListingPublished:
    return ListingPublished(
        revision.listing_id,
        revision.listing.merchant_id,
        revision.pk,
        revision.number,
        revision.price_minor,
        revision.currency,
    )


def _freeze(ready: Sequence[Ready], *, actor: Actor, at: datetime) -> list[ListingRevision]:
    rows = ListingRevision.objects.filter(listing__in=[each.listing.pk for each in ready])
    newest = dict(rows.values_list("listing_id").annotate(newest=Max("number")))
    # The duties are those of the place where it is sold, wherever the seller sits.
    version = current.pack(SOLD_IN, at).version
    return ListingRevision.objects.bulk_create(
        ListingRevision(
            pk=(pk := new_id()),
            listing=each.listing,
            number=(number := newest.get(each.listing.pk, 0) + 1),
            content=each.content,
            price_minor=each.content["price_minor"],
            freight_minor=each.content["freight_minor"],
            currency=each.content["currency"],
            pack_version=version,
            published_at=at,
            published_by=str(actor),
            commitment=_sealed(each, pk, number),
        )
        for each in ready
    )


def _sealed(ready: Ready, revision_id: UUID, number: int) -> bytes:
    return commitments.commit(
        subject_id=ready.listing.merchant.subject_id,
        label=LABEL,
        reference=revision_id,
        payload={"listing": str(ready.listing.pk), "number": number, "content": ready.content},
    )


def _on_shelf(ready: Ready, revision: ListingRevision, *, certified: bool, at: datetime) -> dict[str, object]:
    """The listing's columns by which it is found and sorted."""
    listing, content = ready.listing, ready.content
    literal = search_literal(
        ready.schema,
        content,
        shop=listing.merchant.display_name,
        code=listing.code,
        barcode=listing.barcode,
    )
    return {
        "live_revision": revision,
        "published_at": listing.published_at or at,
        "shelf_price_minor": revision.all_in.minor,
        "excludes_return": offers.shelf_exclusion(content),
        "return_days": promises.return_days(content["terms"]),
        "title_key": sort_key(content),
        "certified": certified,
        **shelf_facts(ready.schema, content),
        "search": Func(Value(literal), template="%(expressions)s::tsvector"),
    }

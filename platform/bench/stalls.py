"""Goods to measure with: a few listings through the use cases, then copied in bulk for volume."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg2
from django.db import connection
from django.db.models import Model

from accounts.signing_in import create_account
from catalog import shelf_version
from catalog.drafting import create_listing
from catalog.models import Listing, ListingRevision, PriceHistory, Variant
from catalog.submitting import submit
from demo import applications
from demo.content import Content, Goods, Shop
from kernel.actor import Actor
from kernel.ids import new_id
from privacy import examining
from privacy.models import StoredFile

EACH, VOLUME = 3, 10_000
STOCK = 1_000_000

# How many listings one transaction copies: what waits for its commit stays small, whatever the volume.
PART = 2_500
# Between an original's code and the number of its copy.
MARK = "~"
# What `bench.files` took from files: neither original nor copy.
IMPORTED = "import-"

# Foreign keys are checked at the commit, so one statement may write both ends.
COPY = """
WITH made AS MATERIALIZED (
    SELECT gen_random_uuid() AS listing_id, gen_random_uuid() AS revision_id, n, l.id AS old
      FROM catalog_listing l CROSS JOIN generate_series(%(first)s, %(last)s) AS n
     WHERE l.state = 'live' AND strpos(l.code, %(mark)s) = 0 AND strpos(l.code, %(imported)s) <> 1
), listings AS (
    INSERT INTO catalog_listing (id, code, live_revision_id, draft, {listing})
    SELECT m.listing_id, o.code || %(mark)s || m.n, m.revision_id, '{{}}', {o_listing}
      FROM made m JOIN catalog_listing o ON o.id = m.old
), variants AS (
    INSERT INTO catalog_variant (id, listing_id, sku, {variant})
    SELECT m.listing_id, m.listing_id, o.sku || %(mark)s || m.n, {o_variant}
      FROM made m JOIN catalog_variant o ON o.listing_id = m.old
), revisions AS (
    INSERT INTO catalog_listingrevision (id, listing_id, content, {revision})
    SELECT m.revision_id, m.listing_id,
           jsonb_set(o.content, '{{variants,0,id}}', to_jsonb(m.listing_id)), {o_revision}
      FROM made m JOIN catalog_listingrevision o ON o.listing_id = m.old
), prices AS (
    INSERT INTO catalog_pricehistory (id, listing_id, variant_id, {price})
    SELECT gen_random_uuid(), m.listing_id, m.listing_id, {o_price}
      FROM made m JOIN catalog_pricehistory o ON o.listing_id = m.old
)
INSERT INTO catalog_stock (variant_id, listing_id, on_hand, reserved, sold)
SELECT listing_id, listing_id, %(stock)s, 0, 0 FROM made
"""


def set_up(*, at: datetime) -> int:
    """Have about ten thousand listings of every kind; gives how many there are."""
    if not Listing.objects.live().exists():
        for shop, chosen in _choice(Content(at.date())):
            _open(shop, chosen, at=at)
        grow(VOLUME)
    return Listing.objects.live().count()


def grow(volume: int, *, progress: Callable[[int], object] = lambda there: None) -> int:
    """Copy the originals until there are about so many listings; gives how many there are.

    Each part is a transaction of its own, so a run that was broken off goes on where it was.
    """
    ours = Listing.objects.live().exclude(code__startswith=IMPORTED)
    originals = ours.exclude(code__contains=MARK).count()
    copied = first = ours.count() // originals
    with _unsearched(volume // originals - copied > PART):
        while copied < volume // originals:
            last = min(copied + max(1, PART // originals) - 1, volume // originals - 1)
            _copy(copied, last)
            copied = last + 1
            shelf_version.fold()
            progress(copied * originals)
    if copied > first:
        tidy("merchants_merchant", "catalog_listing", "catalog_listingrevision", "catalog_pricehistory")
        tidy("catalog_stock", "catalog_variant", "catalog_shelfmark", "catalog_availability")
    return Listing.objects.live().count()


@contextmanager
def _unsearched(many: bool) -> Iterator[None]:
    """For many rows the words of the search are sorted once at the end; also after a run that broke off."""
    name = "listing_search"
    if many:
        _as_owner(f"DROP INDEX IF EXISTS {name}")
    try:
        yield
    finally:
        _as_owner(
            "SET maintenance_work_mem = '1GB'",
            f"CREATE INDEX IF NOT EXISTS {name} ON catalog_listing USING gin (search)",
        )


def tidy(*tables: str) -> None:
    """VACUUM ANALYZE."""
    _as_owner(*(f'VACUUM ANALYZE "{table}"' for table in tables))


def _as_owner(*statements: str) -> None:
    """What only the owner of the tables may do."""
    link = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        link.close()


def _choice(content: Content) -> list[tuple[Shop, list[Goods]]]:
    """A few goods of every kind that anybody may buy without being asked, by shop."""
    kinds: Counter[str] = Counter()
    found = []
    for shop in content.shops.values():
        chosen = []
        for goods in shop.on_sale:
            if not goods.exclusion and kinds[goods.category] < EACH:
                kinds[goods.category] += 1
                chosen.append(goods)
        if chosen:
            found.append((shop, chosen))
    return found


def _open(shop: Shop, chosen: list[Goods], *, at: datetime) -> None:
    facts = shop.facts
    owner = create_account(email=facts["email"], display_name=facts["owner_name"], password=None, at=at)
    merchant = applications.hand_in(shop, owner_id=owner.subject_id, at=at, ends={})
    for stored in StoredFile.objects.filter(subject_id=merchant.subject_id):
        examining.examine(file_id=stored.pk, at=at)
    applications.admit(merchant.application.pk, actor=Actor.staff(new_id()), at=at)
    _fill(chosen, merchant.pk, Actor.member(owner.subject_id, merchant.pk), at=at)


def _fill(chosen: list[Goods], merchant_id: UUID, actor: Actor, *, at: datetime) -> None:
    for goods in chosen:
        made = create_listing(
            merchant_id=merchant_id,
            category=goods.category,
            code=goods.code,
            changes=goods.changes,
            stock=STOCK,
            actor=actor,
            at=at,
        )
        submit(listing_id=made.pk, actor=Actor.system(), at=at)


def _copy(first: int, last: int) -> None:
    """Every original once more for each number, which stands in the code of its copy."""
    statement = COPY.format(
        **columns("listing", Listing, "code", "live_revision_id", "draft"),
        **columns("variant", Variant, "listing_id", "sku"),
        **columns("revision", ListingRevision, "listing_id", "content"),
        **columns("price", PriceHistory, "listing_id", "variant_id"),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"first": first, "last": last, "mark": MARK, "imported": IMPORTED, "stock": STOCK}
        )


def columns(name: str, model: type[Model], *other: str) -> dict[str, str]:
    """The columns that are copied as they are, once plain and once of the row `o`."""
    found = [field.column for field in model._meta.local_concrete_fields]
    kept = [f'"{column}"' for column in found if column not in ("id", *other)]
    return {name: ", ".join(kept), f"o_{name}": ", ".join(f"o.{column}" for column in kept)}

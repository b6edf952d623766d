"""One digest of all that an offer's public page hangs on, in one statement: what a kept page is known by.

A page may read no table that the digest doesn't know; `tests/catalog/test_fingerprints.py` watches over that.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import BinaryField
from django.db.models.expressions import RawSQL

from catalog import brand_direct, campaign_prices, pricing, reductions, set_shelf, vouching
from catalog.models import Listing
from law.counting import local_day

# Rows of these never change once they are there: the revision's id and the law's edition stand for them.
FROZEN = ("catalog_listingrevision", "catalog_categoryschema", "merchants_brand")
# The draft is the shop's own business, and the words of the search follow the revision.
_OFFER = (
    """
SELECT sha256(convert_to(concat_ws(E'\\x1f',
    (to_jsonb(l) - 'draft' - 'search' - 'working_title')::text,
    m::text,
    (SELECT string_agg(concat((p->>'from')::timestamptz <= %s, (p->>'until')::timestamptz > %s), ';')
       FROM jsonb_array_elements(m.promises) p),
    (SELECT string_agg(concat(s::text, v::text), ';' ORDER BY s.variant_id)
       FROM catalog_stock s JOIN catalog_variant v ON v.id = s.variant_id WHERE s.listing_id = l.id),
    (SELECT string_agg(r::text, ';' ORDER BY r.id) FROM catalog_reduction r
      WHERE r.listing_id = l.id AND r.state = 'running' AND r.starts_at <= %s AND r.ends_at > %s),
    (SELECT string_agg(
            concat(g.id, g.can_pay, g.ceilings, g.starts_at <= %s, g.ends_at > %s), ';' ORDER BY g.id
        ) FROM catalog_campaignprice g WHERE g.listing_id = l.id AND g.ended_at IS NULL),
    (SELECT string_agg(concat(p.id, p.valid_from <= %s, p.valid_from <= %s), ';' ORDER BY p.id)
       FROM catalog_pricehistory p WHERE p.listing_id = l.id),
    (SELECT count(*) FROM catalog_listingmove c WHERE c.listing_id = l.id),
    (SELECT string_agg(concat(t.id, t.state, t.valid_until >= %s), ';' ORDER BY t.id)
       FROM catalog_certificate t
      WHERE t.merchant_id = l.merchant_id AND (t.listing_id = l.id OR t.listing_id IS NULL)),
    (SELECT string_agg(concat(e.id, e.ended_at), ';' ORDER BY e.id)
       FROM catalog_evaluation e WHERE e.listing_id = l.id),
    (SELECT string_agg(
            concat(d.id, d.state, d.number_digest, d.valid_from <= %s, d.valid_until >= %s), ';' ORDER BY d.id
        ) FROM merchants_document d WHERE d.merchant_id = l.merchant_id),
    (SELECT concat(count(*), max(k.at)) FROM merchants_check k WHERE k.merchant_id = l.merchant_id),
    (SELECT string_agg(concat(b.id, b.ended_at, k.id, q.id), ';' ORDER BY b.id, k.position, q.id)
       FROM merchants_brandclaim b JOIN merchants_brandlink k ON k.claim_id = b.id
       JOIN merchants_brandpaper q ON q.link_id = k.id WHERE b.merchant_id = l.merchant_id),
"""
    + set_shelf.named_by("l.id")
    + """
), 'UTF8'))
  FROM catalog_listing l JOIN merchants_merchant m ON m.id = l.merchant_id
 WHERE l.live_revision_id IS NOT NULL AND l.id = """
)


def of_offer(listing_id: UUID, *, at: datetime) -> bytes | None:
    """Another value whenever the page of the offer would read otherwise; None for what was never on sale."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_OFFER} %s", [*_instants(at), listing_id])
        found = cursor.fetchone()
    return bytes(found[0]) if found else None


def offer(listing_id: UUID, *, at: datetime) -> tuple[Listing, bytes]:
    """The listing with offer, reduction and prices, and the digest of the very same state; one statement.

    :raises NotFound: never published, or no such listing
    """
    digest = RawSQL(f'{_OFFER} "catalog_listing"."id"', _instants(at), output_field=BinaryField())
    rows = Listing.objects.with_offer().defer("search", "draft")
    rows = rows.annotate(
        cut=reductions.of_outer_listing(at),
        campaigns=campaign_prices.of_outer_listing(at),
        priced=pricing.of_outer_listing(at),
        proofs=vouching.proofs(at),
        in_sets=set_shelf.of_outer_listing(),
        direct=brand_direct.of_outer_listing(at),
        digest=digest,
    )
    listing = rows.get_or_not_found(pk=listing_id, live_revision__isnull=False)
    return listing, bytes(listing.digest)  # type: ignore[attr-defined]


def _instants(at: datetime) -> list[datetime | date]:
    day = local_day(at, vouching.ZONE)
    return [at, at, at, at, at, at, at, at - pricing.LOOK_BACK, day, day, day]

"""The sets that a product page names: on sale, and every member of them to be had."""

from __future__ import annotations

from typing import Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from catalog import offers
from kernel.money import Money

# `{}` is the column with the listing's id: of the outer statement, or of the digest's.
_SETS = """
    (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'title', r.content->'title',
                                         'price_minor', r.price_minor) ORDER BY s.created_at, s.id)
       FROM catalog_shopset s JOIN catalog_setrevision r ON r.id = s.live_revision_id
      WHERE s.withdrawn_at IS NULL
        AND r.id IN (SELECT n.revision_id FROM catalog_setmember n WHERE n.listing_id = {})
        AND NOT EXISTS (
            SELECT FROM catalog_setmember o
              JOIN catalog_listing ol ON ol.id = o.listing_id
              JOIN catalog_variant ov ON ov.id = o.variant_id
              LEFT JOIN catalog_stock os ON os.variant_id = o.variant_id
             WHERE o.revision_id = r.id
               AND (ol.state <> 'live' OR ov.state <> 'active'
                    OR coalesce(os.on_hand - os.reserved, 0) < o.quantity)))
"""


def named_by(column: str) -> str:
    """SQL: the sets that the offer of that column's id is in, as one JSON value."""
    return _SETS.format(column)


def of_outer_listing() -> RawSQL:
    """Within the statement that fetches the listing; see `shown_by`."""
    return RawSQL(named_by('"catalog_listing"."id"'), [], output_field=JSONField())


def shown_by(listing: Any, locale: str) -> list[dict[str, Any]]:
    """As `of_outer_listing` brought them along: id, title and price."""
    return [
        {
            "id": row["id"],
            "title": offers.title(row, locale),
            "price": Money(row["price_minor"]),
        }
        for row in getattr(listing, "in_sets", None) or []
    ]

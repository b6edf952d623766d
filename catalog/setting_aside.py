"""Pieces set aside in one statement: locked in id order, then all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from kernel.ids import new_id

# The rows are locked and decided on before any is changed: a statement that only changed those with enough
# would keep what it took of them when another line is short. `known`: set aside before, so nothing changes.
SET_ASIDE = """
WITH wanted AS (
    SELECT * FROM unnest(%(variants)s::uuid[], %(pieces)s::int[], %(ids)s::uuid[])
           AS w (variant_id, pieces, id)
), locked AS MATERIALIZED (
    SELECT variant_id, on_hand - reserved AS available FROM catalog_stock
     WHERE variant_id = ANY(%(variants)s::uuid[]) ORDER BY variant_id FOR NO KEY UPDATE
), known AS MATERIALIZED (
    SELECT 1 FROM catalog_reservation WHERE reference = %(reference)s LIMIT 1
), short AS MATERIALIZED (
    SELECT w.variant_id FROM wanted w LEFT JOIN locked l USING (variant_id)
     WHERE l.variant_id IS NULL OR l.available < w.pieces
), taken AS (
    UPDATE catalog_stock s SET reserved = s.reserved + w.pieces
      FROM wanted w JOIN locked l USING (variant_id)
     WHERE s.variant_id = w.variant_id
       AND NOT EXISTS (SELECT FROM short) AND NOT EXISTS (SELECT FROM known)
    RETURNING w.id, s.listing_id, s.variant_id, w.pieces
), made AS (
    INSERT INTO catalog_reservation
           (id, reference, listing_id, variant_id, quantity, state, made_at, expires_at)
    SELECT id, %(reference)s, listing_id, variant_id, pieces, 'held', %(at)s, %(expires_at)s FROM taken
)
SELECT variant_id FROM short WHERE NOT EXISTS (SELECT FROM known) ORDER BY variant_id
"""


def set_aside(
    wanted: Mapping[UUID, int], *, reference: UUID, expires_at: datetime, at: datetime
) -> list[UUID]:
    """Hold the pieces; gives the variants of which there are too few, and then nothing is held."""
    told: dict[str, Any] = {
        "variants": list(wanted),
        "pieces": list(wanted.values()),
        "ids": [new_id() for _ in wanted],
        "reference": reference,
        "expires_at": expires_at,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(SET_ASIDE, told)
        return [variant_id for (variant_id,) in cursor.fetchall()]

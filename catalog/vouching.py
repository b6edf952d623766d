"""Who answers for a stated fact: the seller alone, or also our check or a laboratory while it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from catalog.certificates import STATED_BY
from catalog.schema import Field, Schema
from law.counting import local_day

PLATFORM, LABORATORY = "verified", "lab"
# Fewer signs than this are no number that could be compared.
SHORTEST = 6
ZONE = "Asia/Shanghai"
# Everything that may stand behind a fact of an offer, with the outer statement's listing.
_PROOFS = """(SELECT coalesce(jsonb_agg(x), '[]') FROM (
    SELECT c.scheme, c.number, c.issuer AS who, c.check_url AS link,
           (c.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS day, NULL::jsonb AS confirms
      FROM catalog_certificate c
     WHERE c.merchant_id = catalog_listing.merchant_id
       AND (c.listing_id = catalog_listing.id OR c.listing_id IS NULL)
       AND c.state = 'verified' AND (c.valid_until IS NULL OR c.valid_until >= %s)
    UNION ALL
    SELECT '', '', e.evaluator, e.source_url, e.tested_on, e.confirms
      FROM catalog_evaluation e
     WHERE e.listing_id = catalog_listing.id AND e.ended_at IS NULL AND e.evaluator_kind = 'laboratory'
) x)"""


@dataclass(frozen=True, slots=True)
class Vouch:
    """`by` verified (the platform has compared it) or lab; `link` is empty where nothing can be looked up."""

    by: str
    who: str
    on: date
    link: str


def proofs(at: datetime) -> RawSQL:
    """For `annotate`: what counts on that day, in the same statement as the listing."""
    return RawSQL(_PROOFS, [local_day(at, ZONE)], output_field=JSONField())


def vouches(
    rows: Iterable[Mapping[str, Any]], schema: Schema, attributes: Mapping[str, Any]
) -> dict[str, Vouch]:
    """Field → who stands behind it beside the seller; a fact that has changed since stands alone again."""
    found: dict[str, Vouch] = {}
    for row in rows:
        vouch = Vouch(
            LABORATORY if row["confirms"] is not None else PLATFORM,
            row["who"],
            date.fromisoformat(row["day"]),
            row["link"],
        )
        for spec in schema.fields:
            if _behind(row, spec, attributes.get(spec.key)):
                found.setdefault(spec.key, vouch)
    return found


def _behind(row: Mapping[str, Any], spec: Field, value: Any) -> bool:
    if value in (None, "", []):
        return False
    if row["confirms"] is not None:
        return spec.key in row["confirms"] and row["confirms"][spec.key] == value
    if spec.key in STATED_BY and row["scheme"] != STATED_BY[spec.key]:
        return False
    number = _plain(str(value))
    return spec.vouch == "platform" and len(number) >= SHORTEST and number == _plain(row["number"])


def _plain(number: str) -> str:
    """Full width, spaces, dashes and case aside: the same number however it was typed."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()

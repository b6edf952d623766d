"""Who answers for a stated fact: the seller alone, or also our check or a laboratory while it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from catalog.certificates import STATED_BY
from catalog.schema import Field, Schema
from law.counting import local_day
from merchants import document_numbers

PLATFORM, LABORATORY, DOCUMENT, TRADEMARK = "verified", "lab", "document:", "trademark"
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
    UNION ALL
    SELECT 'document:' || d.kind, d.number_digest, d.issuer,
           CASE WHEN r.result = 'matched' AND NOT EXISTS (
               SELECT 1 FROM merchants_document o WHERE o.merchant_id = d.merchant_id AND o.kind = d.kind
                  AND o.id <> d.id AND o.state IN ('verified', 'handed_in')
           ) THEN r.verifier ELSE '' END,
           (d.decided_at AT TIME ZONE 'Asia/Shanghai')::date,
           (SELECT to_jsonb(b.claim_id) FROM merchants_brandpaper q
              JOIN merchants_brandlink b ON b.id = q.link_id WHERE q.document_id = d.id)
      FROM merchants_document d LEFT JOIN LATERAL (
           SELECT k.result, k.verifier FROM merchants_check k
            WHERE k.merchant_id = d.merchant_id AND k.kind = d.kind AND k.at >= d.handed_in_at
              AND k.result <> 'unavailable'
            ORDER BY k.at DESC, k.id DESC LIMIT 1) r ON TRUE
     WHERE d.merchant_id = catalog_listing.merchant_id AND d.state = 'verified' AND d.number_digest <> ''
       AND (d.valid_from IS NULL OR d.valid_from <= %s) AND (d.valid_until IS NULL OR d.valid_until >= %s)
       AND coalesce(r.result, 'matched') = 'matched'
) x)"""
# The number of a fact → the kinds of a shop's documents that can bear it.
BORNE_BY = {
    "production_licence": {"food_production"},
    "filing_number": {"cosmetics_filing"},
    "registration_number": {"cosmetics_filing"},
    "approval_number": {"health_food"},
    "qualification": {"service_licence"},
}


@dataclass(frozen=True, slots=True)
class Vouch:
    """`by` verified (the platform has compared it) or lab; `link` is empty where nothing can be looked up."""

    by: str
    who: str
    on: date
    link: str
    # The kind of a shop's document, and the register that agreed with it; "" for all else.
    paper: str = ""
    register: str = ""


def proofs(at: datetime) -> RawSQL:
    """For `annotate`: what counts on that day, in the same statement as the listing."""
    day = local_day(at, ZONE)
    return RawSQL(_PROOFS, [day, day, day], output_field=JSONField())


def vouches(
    rows: Iterable[Mapping[str, Any]],
    schema: Schema,
    attributes: Mapping[str, Any],
    *,
    direct: UUID | None = None,
) -> dict[str, Vouch]:
    """Field → who stands behind it beside the seller; a fact that has changed since stands alone again.

    `direct` is the claim whose chain holds for the offer: its registration stands behind the brand.
    """
    found: dict[str, Vouch] = {}
    for row in rows:
        vouch = _vouch(row)
        for spec in schema.fields:
            if _behind(row, spec, attributes.get(spec.key), direct):
                found.setdefault(spec.key, vouch)
    return found


def _vouch(row: Mapping[str, Any]) -> Vouch:
    day = date.fromisoformat(row["day"])
    if row["scheme"].startswith(DOCUMENT):
        paper = row["scheme"].removeprefix(DOCUMENT)
        return Vouch(PLATFORM, row["who"], day, "", paper=paper, register=row["link"])
    by = LABORATORY if row["confirms"] is not None else PLATFORM
    return Vouch(by, row["who"], day, row["link"])


def _behind(row: Mapping[str, Any], spec: Field, value: Any, direct: UUID | None) -> bool:
    if value in (None, "", []):
        return False
    if row["scheme"].startswith(DOCUMENT):
        kind = row["scheme"].removeprefix(DOCUMENT)
        if kind == TRADEMARK:
            return spec.key == "brand" and direct is not None and row["confirms"] == str(direct)
        borne = kind in BORNE_BY.get(spec.key, ())
        return borne and document_numbers.digest(str(value)) == row["number"]
    if row["confirms"] is not None:
        return spec.key in row["confirms"] and row["confirms"][spec.key] == value
    if spec.key in STATED_BY and row["scheme"] != STATED_BY[spec.key]:
        return False
    number = _plain(str(value))
    return spec.vouch == "platform" and len(number) >= SHORTEST and number == _plain(row["number"])


def _plain(number: str) -> str:
    """Full width, spaces, dashes and case aside: the same number however it was typed."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()

"""The warranty that an offer states: by whom, how long, for what, how to claim it; no less than the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.completeness import Gap
from catalog.schema import Schema
from kernel.errors import N_
from law.warranty import floor
from rulebook import current

DAYS, GIVER, COVERS, CLAIM = "warranty_days", "warranty_giver", "warranty_covers", "warranty_claim"
SHELF_LIFE = "shelf_life"
TOO_SHORT = N_("The law asks for a warranty of at least %(days)s days.")


@dataclass(frozen=True, slots=True)
class Warranty:
    """As a frozen content states it; `giver` is maker, shop or "" where nobody was named."""

    days: int
    giver: str
    covers: str
    claim: str


def stated(content: Mapping[str, Any]) -> Warranty | None:
    """None where the offer states none."""
    said = content.get("attributes") or {}
    days = said.get(DAYS)
    if type(days) is not int or days <= 0:
        return None
    return Warranty(days, str(said.get(GIVER) or ""), str(said.get(COVERS) or ""), str(said.get(CLAIM) or ""))


def keeps_days(content: Mapping[str, Any]) -> int:
    """For how many days from production the goods keep by their label; 0 where it says nothing."""
    days = (content.get("attributes") or {}).get(SHELF_LIFE)
    return days if type(days) is int and days > 0 else 0


def gaps(schema: Schema, draft: Mapping[str, Any], *, at: datetime) -> list[Gap]:
    """A term below what the buyer's place asks for in this category; to state none is a gap by itself."""
    spec = schema.by_key.get(DAYS)
    days = (draft.get("attributes") or {}).get(DAYS)
    if spec is None or type(days) is not int:
        return []
    least = floor(pack=current.pack(current.HOME, at), category=schema.slug, at=at)
    if least is None or days >= least.days:
        return []
    return [
        Gap(
            DAYS,
            spec.labels["zh-hans"],
            least.rule_id,
            section=spec.section,
            problem=TOO_SHORT,
            labels=spec.labels,
            params=(("days", least.days),),
        )
    ]

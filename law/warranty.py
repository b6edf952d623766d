"""How long a warranty has to be at least, by what is sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from law.rules import Confidence, Pack

FLOOR = "warranty_floor"
_FIGURE = "warranty_days_"


@dataclass(frozen=True, slots=True)
class Floor:
    """The least number of days, and the rule that says so."""

    days: int
    rule_id: str
    confidence: Confidence


def floor(*, pack: Pack, category: str, at: datetime) -> Floor | None:
    """What the law of this place asks for in that category; None where it names no figure."""
    if FLOOR not in pack.roles:
        return None
    rule = pack.rule(pack.role(FLOOR), at)
    days = rule.figures.get(f"{_FIGURE}{category.replace('-', '_')}")
    return Floor(days, rule.id, rule.confidence) if days else None

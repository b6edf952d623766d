"""The published standard: versioned data with components, weights, bands and effects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "standard"
NO_GRADE = "N"
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the score: its share in percent, and what stands for it before anything is known."""

    key: str
    weight: int
    prior_permille: int
    prior_weight: int
    label: Words
    about: Words


@dataclass(frozen=True, slots=True)
class Kind:
    """How a fact counts. `permille` is None where the fact brings its own measure (a review)."""

    key: str
    component: str
    permille: int | None
    weight: int
    counts_as_order: bool
    label: Words
    why: Words

    @property
    def hurts(self) -> bool:
        return self.permille == 0 and self.weight > 0


@dataclass(frozen=True, slots=True)
class Band:
    grade: str
    lowest: int
    payout_delay_days: int


@dataclass(frozen=True, slots=True)
class Standard:
    """One version. `window_days`: older facts don't count; every `half_life_days` one counts half as much."""

    version: int
    in_force_from: datetime
    window_days: int
    half_life_days: int
    quick_answer_hours: int
    least_orders: int
    least_days: int
    extra_hold_days: int
    components: tuple[Component, ...]
    kinds: Mapping[str, Kind]
    bands: tuple[Band, ...]

    def band_of(self, permille: int) -> Band:
        """The band in which a score falls; bands stand best first."""
        return next(band for band in self.bands if permille >= band.lowest)

    def payout_delay(self, grade: str) -> int:
        """Days added to settlement; none for N, whose extra hold is the policy new_shop.limits."""
        return next((band.payout_delay_days for band in self.bands if band.grade == grade), 0)

    def rule_id(self, grade: str) -> str:
        """How the effect of a grade is cited."""
        return f"credit.v{self.version}.payout.{grade}"


class BadStandard(ValueError):
    """A standard that can't be published: a slip in its file."""


def read_standard(data: Mapping[str, Any]) -> Standard:
    """:raises BadStandard: when shares don't add up to 100, bands leave a gap, or a component is unknown"""
    components = tuple(_component(each) for each in data["components"])
    kinds = {key: _kind(key, each) for key, each in data["kinds"].items()}
    bands = tuple(Band(each["grade"], each["from"], each["payout_delay_days"]) for each in data["bands"])
    least = data["minimum"]
    _check(components, kinds, bands)
    return Standard(
        version=data["version"],
        in_force_from=datetime.fromisoformat(data["in_force_from"]),
        window_days=data["window_days"],
        half_life_days=data["half_life_days"],
        quick_answer_hours=data["quick_answer_hours"],
        least_orders=least["orders"],
        least_days=least["days"],
        extra_hold_days=least["extra_hold_days"],
        components=components,
        kinds=kinds,
        bands=bands,
    )


def _component(each: Mapping[str, Any]) -> Component:
    prior = each["prior"]
    return Component(
        each["key"], each["weight"], prior["permille"], prior["weight"], each["label"], each["about"]
    )


def _kind(key: str, each: Mapping[str, Any]) -> Kind:
    return Kind(
        key, each["component"], each["permille"], each["weight"],
        each["counts_as_order"], each["label"], each["why"],
    )  # fmt: skip


def _check(components: tuple[Component, ...], kinds: Mapping[str, Kind], bands: tuple[Band, ...]) -> None:
    keys = {each.key for each in components}
    if sum(each.weight for each in components) != 100:
        raise BadStandard("the shares of the components must add up to 100")
    if any(each.prior_weight <= 0 or not 0 <= each.prior_permille <= 1000 for each in components):
        raise BadStandard("every component needs something that stands for it before facts come in")
    if any(kind.component not in keys or kind.weight < 0 for kind in kinds.values()):
        raise BadStandard("a kind names an unknown component or weighs less than nothing")
    lowest = [band.lowest for band in bands]
    if lowest != sorted(lowest, reverse=True) or lowest[-1] != 0:
        raise BadStandard("bands stand best first and reach down to 0")


@cache
def all_standards() -> tuple[Standard, ...]:
    """Every version that came with the code, oldest first."""
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("v*.json")]
    return tuple(sorted((read_standard(json.loads(text)) for text in texts), key=lambda each: each.version))


def in_force(at: datetime) -> Standard:
    """The newest version in force at the instant; before the first one, the first."""
    held = [each for each in all_standards() if each.in_force_from <= at]
    return held[-1] if held else all_standards()[0]


def of_version(version: int) -> Standard:
    """A version by its number. :raises StopIteration: for one that never was"""
    return next(each for each in all_standards() if each.version == version)

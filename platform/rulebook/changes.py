"""The change history of a law: what came into force when, and what each of our versions changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rulebook import previewing, shelf
from rulebook.models import PackVersion
from rulebook.previewing import Change
from rulebook.queries import Citation, rule_citation

SHOWN = 60


@dataclass(frozen=True, slots=True)
class CameIntoForce:
    """One wording that began to count on a day, and the one it replaced."""

    day: date
    rule: Citation
    replaced: Citation | None


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """One version of the place's law as it was loaded here; no changes for the first."""

    version: str
    loaded_at: datetime
    since: date
    changes: tuple[Change, ...]


def of_law(place: str, locale: str) -> list[CameIntoForce]:
    """The newest wordings of the place's newest pack, the latest first, coming ones included."""
    pack = shelf.current().packs[place][-1][1]
    found = []
    for wordings in pack.by_id.values():
        ordered = sorted(wordings, key=lambda rule: rule.in_force_from)
        for before, rule in zip([None, *ordered], ordered, strict=False):
            replaced = rule_citation(before, locale) if before else None
            found.append(CameIntoForce(rule.in_force_from, rule_citation(rule, locale), replaced))
    return sorted(found, key=lambda each: (each.day, each.rule.rule_id), reverse=True)[:SHOWN]


def of_packs(place: str) -> list[LoadedVersion]:
    """Every version that was loaded, newest first, with what it changed of the one before."""
    packs = {pack.version: pack for _, pack in shelf.current().packs[place]}
    jurisdiction = next(iter(packs.values())).jurisdiction
    rows = PackVersion.objects.filter(place=jurisdiction, version__in=packs).order_by("loaded_at", "id")
    found, old = [], None
    for row in rows:
        new = packs[row.version]
        changes = previewing.between(old, new) if old else ()
        found.append(LoadedVersion(row.version, row.loaded_at, row.in_force_from, changes))
        old = new
    return found[::-1]

"""The rules of screening, read from the data files beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog.screening.finding import Kind, Severity

RULES = Path(__file__).parent / "rules"
CONTEXTS = "contexts.toml"
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """`match` finds it; `unless` are contexts that take a match back when they cover it."""

    id: str
    kind: Kind
    severity: Severity
    law: str
    says: Names
    instead: Names
    match: re.Pattern[str]
    unless: re.Pattern[str] | None
    only: frozenset[str]
    never: frozenset[str]
    fields_never: frozenset[str]
    licence: str
    # Whether the words can simply be left out, as `instead` advises.
    remove: bool

    def applies(self, category: str, field: str) -> bool:
        """Whether the rule reads this field of goods of this category."""
        if self.only and category not in self.only:
            return False
        return category not in self.never and field not in self.fields_never


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, in the order of the files."""
    contexts = tomllib.loads((RULES / CONTEXTS).read_text(encoding="utf-8"))["contexts"]
    found: list[Rule] = []
    for path in sorted(RULES.glob("*.toml")):
        if path.name != CONTEXTS:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            found += [_rule(each, data, contexts) for each in data["rules"]]
    return tuple(found)


@cache
def by_id() -> Mapping[str, Rule]:
    return {rule.id: rule for rule in rules()}


def _rule(data: Mapping[str, Any], file: Mapping[str, Any], contexts: Mapping[str, list[str]]) -> Rule:
    unless = list(data.get("unless", ()))
    for name in data.get("contexts", file.get("contexts", ())):
        unless += contexts[name]
    return Rule(
        id=data["id"],
        kind=Kind(file["kind"]),
        severity=Severity(data["severity"]),
        law=data.get("law", file.get("law", "")),
        says=data["says"],
        instead=data["instead"],
        match=_joined(data.get("match", ()), nothing="(?!)"),
        unless=_joined(unless) if unless else None,
        only=frozenset(data.get("only", file.get("only", ()))),
        never=frozenset(data.get("never", file.get("never", ()))),
        fields_never=frozenset(data.get("fields_never", file.get("fields_never", ()))),
        licence=data.get("licence", ""),
        remove=bool(data.get("remove", file.get("remove", False))),
    )


def _joined(patterns: Any, nothing: str = "") -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or nothing)

"""What a rule found in a text, and how much weight it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """Refuse: not published as it is. Doubt: a person looks first. Hint: said, nothing more."""

    REFUSE = "refuse"
    DOUBT = "doubt"
    HINT = "hint"


class Kind(StrEnum):
    ABSOLUTE = "absolute"
    EFFICACY = "efficacy"
    LICENCE = "licence"
    PRICE = "price"
    CONTACT = "contact"
    PROHIBITED = "prohibited"
    NAME = "name"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Text:
    """One thing that an offer says; `field` is its name in the editor, such as title_zh-hans."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` are a half-open span of characters in the field as it was written.

    `rule_id` is ours and leads to the sentences; `law` is the rule of the law pack behind it.
    """

    rule_id: str
    kind: Kind
    severity: Severity
    law: str
    field: str
    start: int
    end: int
    words: str

    def as_data(self) -> dict[str, Any]:
        return {
            "rule": self.rule_id,
            "kind": str(self.kind),
            "severity": str(self.severity),
            "law": self.law,
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "words": self.words,
        }


def from_data(data: Mapping[str, Any]) -> Finding:
    """The typed form of a stored finding."""
    return Finding(
        rule_id=data["rule"],
        kind=Kind(data["kind"]),
        severity=Severity(data["severity"]),
        law=data["law"],
        field=data["field"],
        start=data["start"],
        end=data["end"],
        words=data["words"],
    )

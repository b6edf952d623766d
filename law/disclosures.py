"""What an offer of a category must say about itself, and which duty asks for it."""

from __future__ import annotations

from dataclasses import dataclass

from law.rules import Pack


@dataclass(frozen=True, slots=True)
class RequiredField:
    field: str
    rule_id: str
    article: str


def required_fields(pack: Pack, category: str) -> tuple[RequiredField, ...]:
    """The fields of `category` in the order of the pack; empty for a category without duties of its own."""
    return tuple(
        RequiredField(required.field, required.rule_id, pack.versions_of(required.rule_id)[-1].article)
        for required in pack.disclosures.get(category, ())
    )

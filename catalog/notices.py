"""What a category's schema wants said beyond the product page: on the card, before and in the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.schema import in_language
from catalog.schemas_by_version import schema_at
from catalog.values import shown

CARD, CHECKOUT = "card", "checkout"


@dataclass(frozen=True, slots=True)
class Notice:
    """One disclosed fact with its name, in the reader's language, and the duty that puts it here."""

    label: str
    value: str
    duty: str


def notices(content: Mapping[str, Any], place: str, *, locale: str) -> list[Notice]:
    """What a frozen content states that has to stand at `place` (card or checkout), in the schema's order."""
    if not content.get("schema_version"):
        return []
    said = content.get("attributes") or {}
    found = []
    for spec in schema_at(content["category"], content["schema_version"]).fields:
        value = shown(spec, said.get(spec.key), locale) if place in spec.shown else ""
        if value:
            found.append(Notice(in_language(spec.labels, locale), value, spec.duty))
    return found

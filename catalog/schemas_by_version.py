"""Schemas as they were: a frozen revision keeps the labels and duties of its own version."""

from __future__ import annotations

from catalog.models import CategorySchema
from catalog.schema import Schema, read

_kept: dict[tuple[str, int], Schema] = {}


def schema_at(slug: str, version: int) -> Schema:
    """The schema of that version, read once per process: a stored version never changes."""
    key = (slug, version)
    if key not in _kept:
        _kept[key] = read(CategorySchema.objects.get(category_id=slug, version=version).schema)
    return _kept[key]

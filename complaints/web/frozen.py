"""The lines of the frozen page that a buyer can point at, with the labels of that day's schema."""

from __future__ import annotations

from catalog.models import ListingRevision
from catalog.schema import in_language
from catalog.schemas_by_version import schema_at
from catalog.values import shown


def fields_of(revision: ListingRevision, locale: str) -> list[tuple[str, str]]:
    """(key, label) of every fact that this revision stated."""
    content = revision.content
    schema = schema_at(content["category"], content["schema_version"])
    stated = content.get("attributes", {})
    return [(field.key, in_language(field.labels, locale)) for field in schema.fields if field.key in stated]


def statement_of(revision: ListingRevision, key: str, locale: str) -> tuple[str, str] | None:
    """(label, what the page said) of one fact."""
    content = revision.content
    schema = schema_at(content["category"], content["schema_version"])
    field = next((one for one in schema.fields if one.key == key), None)
    if field is None or key not in content.get("attributes", {}):
        return None
    return in_language(field.labels, locale), shown(field, content["attributes"][key], locale)

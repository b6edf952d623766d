"""Loading the categories, their disclosure schemas and the departments they stand in from the data files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog.models import Category, CategorySchema, Department
from catalog.schema import read

FOLDER = Path(__file__).parent / "schemas"
OVERLAYS = FOLDER / "overlays"
DEPARTMENTS = Path(__file__).parent / "data" / "departments.json"


class SchemaVersionReused(RuntimeError):
    """A schema changed without a new version: revisions frozen under it would change their meaning."""


def schema_files() -> Iterator[dict[str, Any]]:
    """Every category's schema with the fields and licences of the overlays it names."""
    for path in sorted(FOLDER.glob("*.json")):
        yield with_overlays(_read(path))


def with_overlays(data: dict[str, Any]) -> dict[str, Any]:
    """A way of selling (such as cross-border) asks of any goods what their own category asks, and more."""
    whole = {**data, "fields": list(data["fields"]), "licences": list(data.get("licences", ()))}
    for name in data.get("overlays", ()):
        overlay = _read(OVERLAYS / f"{name}.json")
        whole["fields"] += overlay["fields"]
        whole["licences"] += overlay["licences"]
    return whole


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_categories(*, at: datetime) -> int:
    """Bring every category to the version of its file; run again, it changes nothing.

    What staff decided since stays: a file never lowers or replaces a version of theirs.

    :raises SchemaVersionReused: a file differs from what is stored under its version
    """
    kept = {(row.category_id, row.version): row for row in CategorySchema.objects.all()}
    changed = 0
    for data in schema_files():
        schema = read(data)
        before = kept.get((schema.slug, schema.version))
        if before is not None and (before.schema == data or before.by_staff):
            continue
        if before is not None:
            raise SchemaVersionReused(f"{schema.slug}: give the changed schema a new schema_version")
        _store(data, at)
        changed += 1
    return changed + _place()


def _store(data: dict[str, Any], at: datetime) -> None:
    row, _ = Category.objects.update_or_create(
        slug=data["slug"],
        defaults={
            "names": data["names"],
            "schema": data,
            "schema_version": data["schema_version"],
            "position": data.get("position", 0),
        },
    )
    CategorySchema.objects.create(category=row, version=data["schema_version"], schema=data, loaded_at=at)


def _place() -> int:
    """Every category under its department; counts what moved."""
    moved = 0
    for position, data in enumerate(json.loads(DEPARTMENTS.read_text(encoding="utf-8")), start=1):
        row, _ = Department.objects.update_or_create(
            slug=data["slug"], defaults={"names": data["names"], "position": position}
        )
        away = Category.objects.filter(slug__in=data["categories"]).exclude(department=row)
        moved += away.update(department=row)
    return moved

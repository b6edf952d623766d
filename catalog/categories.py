"""Loading the categories and their disclosure schemas from the data files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog.models import Category, CategorySchema
from catalog.schema import read

FOLDER = Path(__file__).parent / "schemas"


class SchemaVersionReused(RuntimeError):
    """A schema changed without a new version: revisions frozen under it would change their meaning."""


def schema_files() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load_categories(*, at: datetime) -> int:
    """Bring every category to the version of its file; run again, it changes nothing.

    :raises SchemaVersionReused: a file differs from what is stored under its version
    """
    kept = {(row.category_id, row.version): row.schema for row in CategorySchema.objects.all()}
    changed = 0
    for data in schema_files():
        schema = read(data)
        before = kept.get((schema.slug, schema.version))
        if before == data:
            continue
        if before is not None:
            raise SchemaVersionReused(f"{schema.slug}: give the changed schema a new schema_version")
        _store(data, at)
        changed += 1
    return changed


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

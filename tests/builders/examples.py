"""One complete and one incomplete offer of every kind of goods, as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.schema import Field, Schema

FOLDER = Path(__file__).resolve().parents[1] / "catalog" / "examples"
KINDS = sorted(path.stem for path in FOLDER.glob("*.json"))


@dataclass(frozen=True)
class Example:
    """`gaps` are (field, duty) of the incomplete one."""

    kind: str
    category: str
    complete: dict[str, Any]
    incomplete: dict[str, Any]
    gaps: list[tuple[str, str]]


def example(kind: str) -> Example:
    data = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    gaps = [(each["field"], each["duty"]) for each in data["gaps"]]
    return Example(kind, data["category"], data["complete"], data["incomplete"], gaps)


def demanded(schema: Schema, draft: dict[str, Any]) -> list[Field]:
    return [spec for spec in schema.fields if spec.demanded(draft["attributes"])]


def without(draft: dict[str, Any], field: str) -> dict[str, Any]:
    return {**draft, "attributes": {key: value for key, value in draft["attributes"].items() if key != field}}

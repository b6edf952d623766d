"""The published shape of a copy, so that another service can read it: JSON Schema, one file a version."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from kernel.errors import NotFound

VERSION = 1
FOLDER = Path(__file__).parent / "data"
PATH = "/privacy/copies/schema/{version}.json"


def address() -> str:
    """Where the schema of a copy made now is published."""
    return settings.BASE_URL.rstrip("/") + PATH.format(version=VERSION)


@lru_cache(maxsize=8)
def text(version: int) -> str:
    """Older versions stay readable, for copies that lie with people. :raises NotFound:"""
    path = FOLDER / f"copy.{version}.schema.json"
    if not path.is_file():
        raise NotFound()
    return path.read_text(encoding="utf-8")

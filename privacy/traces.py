"""Traces of a person outside of the database: the cache's keys and values, and mail put into a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.core.cache import cache

CACHE, MAIL = "cache", "mail folder"


def outside(subject_id: UUID, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """(where, how many things were looked at, how many of them hold the id or one of the words)."""
    # JSON writes Chinese as escapes.
    escaped = [json.dumps(each)[1:-1] for each in words]
    marks = [each.encode() for each in (str(subject_id), subject_id.hex, *words, *escaped)]
    for where, texts in ((CACHE, _cached()), (MAIL, _mails())):
        number = hits = 0
        for text in texts:
            number += 1
            hits += any(mark in text for mark in marks)
        yield where, number, hits


def _cached() -> Iterator[bytes]:
    """Every key with its value; without a server this process's own."""
    location = settings.CACHES["default"].get("LOCATION", "")
    if not location:
        for key, value in getattr(cache, "_cache", {}).items():
            yield str(key).encode() + b" " + (value if isinstance(value, bytes) else repr(value).encode())
        return
    server = redis.Redis.from_url(location)
    for key in server.scan_iter(count=500):
        yield bytes(key) + b" " + _dump(server, key)


def _dump(server: redis.Redis, key: bytes) -> bytes:
    """The value in whatever shape the server keeps it, readable where it is text."""
    kind = server.type(key)
    found: Any = server.dump(key)
    if kind == b"string":
        found = server.get(key)
    if kind == b"list":
        found = b" ".join(server.lrange(key, 0, -1))  # type: ignore[arg-type]
    return bytes(found or b"")


def _mails() -> Iterator[bytes]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.read_bytes()

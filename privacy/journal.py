"""The tombstone journal: who was erased, in a file outside the database, each line chained to the one before.

A restore reads it: the database that comes back has forgotten whom it forgot.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

BEGAN, ERASING, ERASED, LOG = "began", "erasing", "erased", "log"
NOTHING = "0" * 64


class JournalBroken(RuntimeError):
    """A line was changed, dropped or comes from another installation; the text names it."""


@dataclass(frozen=True, slots=True)
class Head:
    """How long the journal is and the digest of its last line."""

    lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class Journal:
    """Everything the file says. `unfinished` ones were being erased when their process ended."""

    head: Head
    digests: tuple[str, ...]
    erased: Mapping[UUID, datetime]
    unfinished: Mapping[UUID, datetime]
    leaves: int
    backup_at: datetime | None = None

    @property
    def gone(self) -> dict[UUID, datetime]:
        """Whom a restore must forget again: the erased, and those whose erasing was under way."""
        return {**self.unfinished, **self.erased}

    def holds(self, head: Head) -> bool:
        """Whether this journal goes on from `head`: neither cut off before it nor somebody else's."""
        return head.lines == 0 or (
            len(self.digests) >= head.lines and self.digests[head.lines - 1] == head.digest
        )


def read(path: Path) -> Journal:
    """:raises JournalBroken: when the chain does not hold; an absent file is an empty journal"""
    try:
        found = path.stat()
    except FileNotFoundError:
        return _parsed(b"")
    return _unchanged(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _unchanged(path: Path, size: int, written: int) -> Journal:
    """The loop asks every second; what has not grown is not read again."""
    return _parsed(path.read_bytes())


def _parsed(content: bytes) -> Journal:
    lines = content.split(b"\n")
    # What follows the last line end was never acknowledged to anybody.
    facts = _checked(lines[:-1])
    digests = tuple(fact["digest"] for fact in facts)
    erased = _instants(facts, ERASED)
    unfinished = {who: at for who, at in _instants(facts, ERASING).items() if who not in erased}
    leaves = max((int(fact["leaves"]) for fact in facts if fact["kind"] == LOG), default=0)
    backups = [datetime.fromisoformat(fact["at"]) for fact in facts if fact["kind"] == LOG]
    head = Head(len(digests), digests[-1] if digests else NOTHING)
    return Journal(head, digests, erased, unfinished, leaves, max(backups, default=None))


def _instants(facts: list[dict[str, Any]], kind: str) -> dict[UUID, datetime]:
    return {UUID(one["subject"]): datetime.fromisoformat(one["at"]) for one in facts if one["kind"] == kind}


def _checked(lines: list[bytes]) -> list[dict[str, Any]]:
    facts, before = [], NOTHING
    for number, line in enumerate(lines, start=1):
        try:
            fact = json.loads(line)
            good = fact["n"] == number and fact["before"] == before and fact["digest"] == _digest(fact)
        except (ValueError, KeyError, TypeError):
            good = False
        if not good:
            raise JournalBroken(f"line {number} of the tombstone journal was changed or follows a gap")
        facts.append(fact)
        before = fact["digest"]
    return facts


def append(path: Path, kind: str, *, at: datetime, **facts: str | int) -> Head:
    """Add a line and have it on disk before returning; writers of all processes take turns.

    :raises OSError: it could not be written
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file)
        if last is None:
            last = _write(
                file, 0, NOTHING, {"kind": BEGAN, "at": at.isoformat(), "installation": uuid4().hex}
            )
        made = _write(file, last["n"], last["digest"], {"kind": kind, "at": at.isoformat(), **facts})
        os.fsync(file.fileno())
    return Head(int(made["n"]), str(made["digest"]))


def _write(file: IO[bytes], number: int, before: str, said: Mapping[str, str | int]) -> dict[str, Any]:
    fact: dict[str, Any] = {"n": number + 1, "before": before, **said}
    fact["digest"] = _digest(fact)
    file.write(json.dumps(fact, sort_keys=True).encode() + b"\n")
    file.flush()
    return fact


def _last(file: IO[bytes]) -> dict[str, Any] | None:
    """The newest whole line; a torn one, whose writer died, is taken away."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 8192))
    tail = file.read()
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        file.truncate(end - len(tail) + whole)
    lines = tail[:whole].split(b"\n")
    found: dict[str, Any] | None = json.loads(lines[-2]) if whole else None
    return found


def _digest(fact: Mapping[str, Any]) -> str:
    said = {name: value for name, value in fact.items() if name != "digest"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

"""Processor time of one way to do a thing: on a shared machine it moves far less than time on the wall."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """What a server's processes and the database's took for so many operations; Linux only."""

    def __init__(self, pid: int) -> None:
        self._pid, self._number = pid, 0
        self._seconds = self._began = (0.0, 0.0)

    def start(self) -> None:
        self._began = self._now()

    def stop(self, number: int) -> None:
        both = zip(self._seconds, self._now(), self._began, strict=True)
        server, database = (before + now - began for before, now, began in both)
        self._seconds, self._number = (server, database), self._number + number

    @property
    def ms(self) -> dict[str, float]:
        """Of one operation, at the server and at the database."""
        server, database = (round(each / max(1, self._number) * 1000, 2) for each in self._seconds)
        return {"server": server, "database": database}

    def _now(self) -> tuple[float, float]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            database = _parent(cursor.fetchone()[0])
        return sum(map(_seconds, _family(self._pid))), sum(map(_seconds, _family(database)))


def _family(pid: int) -> set[int]:
    """A process and all below it, as they are now."""
    parents: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(each.name)] = _parent(int(each.name))
    found, last = {pid}, set[int]()
    while found != last:
        last = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold anything; the first is the state."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _seconds(pid: int) -> float:
    return (int(_stat(pid)[11]) + int(_stat(pid)[12])) / TICKS

"""Processor time of one way to do a thing: on a shared machine it moves far less than time on the wall."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """What a server's processes and the database's sessions took for so many operations; Linux only."""

    def __init__(self, pid: int) -> None:
        self._pid, self._number = pid, 0
        self._server = self._database = 0.0
        self._began: dict[int, float] = {}

    def start(self) -> None:
        self._began = {each: _seconds(each) for each in self._processes()}

    def stop(self, number: int) -> None:
        servers = _family(self._pid)
        for pid in self._processes():
            spent = _seconds(pid) - self._began.get(pid, 0.0)
            if pid in servers:
                self._server += spent
            else:
                self._database += spent
        self._number += number

    @property
    def ms(self) -> dict[str, float]:
        """Of one operation, at the server and at the database."""
        sums = {"server": self._server, "database": self._database}
        return {name: round(each / max(1, self._number) * 1000, 2) for name, each in sums.items()}

    def _processes(self) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
            sessions = {pid for (pid,) in cursor.fetchall()}
        return _family(self._pid) | sessions


def _family(pid: int) -> set[int]:
    """A process and all below it, as they are now."""
    parents: dict[int, int] = {}
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(each.name)] = int(_stat(int(each.name))[1])
    found, last = {pid}, set[int]()
    while found != last:
        last = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold anything; the first is the state."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _seconds(pid: int) -> float:
    return (int(_stat(pid)[11]) + int(_stat(pid)[12])) / TICKS

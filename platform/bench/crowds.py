"""Several buyers at once, each a process of its own, against as many processes that only write."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import connections

# What one process can be told to do: it answers with anything that can be pickled.
Acts = dict[str, Callable[[], Any]]

# One after the other a process may take this long before the bench gives up, in seconds.
PATIENCE = 600


class Crowd:
    """Processes that wait for a word and do it at the same time."""

    def __init__(self, members: list[tuple[BaseProcess, Connection]]) -> None:
        self._members = members

    def do(self, word: str) -> list[Any]:
        """Everybody does it at once; gives what each answered."""
        for _, line in self._members:
            line.send(word)
        return [self._answer(line) for _, line in self._members]

    def seconds(self, word: str) -> float:
        """From the word until the last has done it."""
        began = time.perf_counter()
        self.do(word)
        return time.perf_counter() - began

    def leave(self) -> None:
        for member, line in self._members:
            line.close()
            member.join(PATIENCE)

    @staticmethod
    def _answer(line: Connection) -> Any:
        if not line.poll(PATIENCE):
            raise RuntimeError("a process of the bench doesn't answer")
        good, answer = line.recv()
        if not good:
            raise RuntimeError(f"a process of the bench failed: {answer}")
        return answer


@contextmanager
def crowd(size: int, acts: Callable[[int], Acts]) -> Iterator[Crowd]:
    """`size` processes; each makes its acts from its number. Their connections are their own."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    members: list[tuple[BaseProcess, Connection]] = []
    for number in range(size):
        ours, theirs = fork.Pipe()
        others = [line for _, line in members] + [ours]
        member = fork.Process(target=_live, args=(theirs, others, acts, number), daemon=True)
        member.start()
        theirs.close()
        members.append((member, ours))
    together = Crowd(members)
    try:
        yield together
    finally:
        together.leave()


def _live(line: Connection, others: list[Connection], acts: Callable[[int], Acts], number: int) -> None:
    # A copy of the others' ends would keep them open when the bench hangs up.
    for other in others:
        other.close()
    made: Acts | None = None
    while True:
        try:
            word = line.recv()
        except (EOFError, ConnectionResetError):
            os._exit(0)
        try:
            made = made or acts(number)
            line.send((True, made[word]()))
        except Exception as wrong:  # The bench says it; this process has nobody to say it to.
            line.send((False, f"{type(wrong).__name__}: {wrong}"))

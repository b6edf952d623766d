"""Two ways to do the same thing, taken in turn: on a shared machine only their ratio means something."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from django.test.utils import CaptureQueriesContext

# Does one round and gives the seconds of each operation in it.
Round = Callable[[], Iterable[float]]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, over all its rounds; `per_second` is that of the median round."""

    p50_ms: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Figure:
    """`rate_ratio` is ours to the floor in operations per second, `time_ratio` in median time of one."""

    name: str
    ours: Side
    floor: Side
    rate_ratio: float
    time_ratio: float
    rounds: int
    load: tuple[float, float]
    statements: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> Iterable[str]:
        """For a person."""
        taken = "" if self.statements is None else f"   statements {self.statements}"
        ratios = f"{self.rate_ratio:.2f} of the floor's rate, {self.time_ratio:.2f} × its time"
        yield f"{self.name}: {ratios}{taken}"
        for who, side in (("ours", self.ours), ("floor", self.floor)):
            yield f"    {who:5}  p50 {side.p50_ms:9.3f} ms   {side.per_second:11.1f} /s"
        yield f"    median of {self.rounds} pairs; load {self.load[0]:.1f} before, {self.load[1]:.1f} after"
        for what, value in self.facts.items():
            yield f"    {what}: {value}"


def in_turn(ours: Round, floor: Round, *, rounds: int) -> tuple[Side, Side, float, float]:
    """Rounds as A B, B A, A B …: gives both sides and the medians of the pairs' ratios (rate, time)."""
    pairs: list[tuple[Side, Side]] = []
    for number in range(rounds):
        order = (ours, floor) if number % 2 == 0 else (floor, ours)
        first, second = _side(order[0]()), _side(order[1]())
        pairs.append((first, second) if number % 2 == 0 else (second, first))
    mine, theirs = (_middle([pair[side] for pair in pairs]) for side in (0, 1))
    rate = median(ours.per_second / floor.per_second for ours, floor in pairs)
    return mine, theirs, rate, median(ours.p50_ms / floor.p50_ms for ours, floor in pairs)


def _side(samples: Iterable[float]) -> Side:
    seconds = list(samples)
    return Side(median(seconds) * 1000, len(seconds) / sum(seconds))


def _middle(sides: list[Side]) -> Side:
    return Side(median(side.p50_ms for side in sides), median(side.per_second for side in sides))


def compare(
    name: str,
    ours: Round,
    floor: Round,
    *,
    rounds: int,
    statements: int | None = None,
    **facts: Any,
) -> Figure:
    """Measure both and put them side by side, with the machine's load before and after."""
    before = os.getloadavg()[0]
    mine, theirs, rate, times = in_turn(ours, floor, rounds=rounds)
    load = (round(before, 1), round(os.getloadavg()[0], 1))
    return Figure(name, mine, theirs, round(rate, 3), round(times, 2), rounds, load, statements, facts)


def count(taken: CaptureQueriesContext) -> int:
    """The statements in it that read or write: transaction control apart, and the platform's clock,
    which a process asks once a second whatever it does.
    """
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT platform_now()")
    return sum(not query["sql"].startswith(control) for query in taken.captured_queries)


def timed(step: Callable[[], object]) -> float:
    """Seconds that `step` takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began

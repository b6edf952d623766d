"""What happens when: a list of steps worked out before anything is done, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from demo.content import Content

CHINA = ZoneInfo("Asia/Shanghai")
# When people shop: hour of the day and how often.
HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
WEIGHTS = (2, 4, 5, 5, 6, 4, 3, 3, 3, 4, 5, 8, 10, 9, 4)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something: `act` is a name in acting.ACTS, `key` names what it is done to."""

    at: datetime
    act: str
    key: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Script:
    """`ends` is the instant at which the demonstration hands over to real time; later steps never happen."""

    content: Content
    begins: date
    ends: datetime
    rng: Random
    small: bool = False
    _steps: list[Step] = field(default_factory=list)
    _numbers: int = 0
    # Orders planned so far, by shop.
    orders: Counter[str] = field(default_factory=Counter)

    def add(self, at: datetime, act: str, key: str, **facts: Any) -> datetime:
        self._steps.append(Step(at, act, key, facts))
        return at

    def next_key(self) -> str:
        self._numbers += 1
        return f"p{self._numbers:04d}"

    def local(self, day: int, hour: float) -> datetime:
        """`hour` o'clock China time on the demonstration's day `day`, the first being 0."""
        midnight = datetime.combine(self.begins + timedelta(days=day), time(), CHINA)
        return midnight + timedelta(hours=hour)

    @property
    def days(self) -> int:
        return (self.ends.astimezone(CHINA).date() - self.begins).days

    def shopping_hour(self, day: int) -> datetime:
        """Some moment of a day at which people buy."""
        hour = self.rng.choices(HOURS, WEIGHTS)[0]
        return self.local(day, hour) + self.between(minutes=(0, 59.9))

    def between(self, **spans: tuple[float, float]) -> timedelta:
        """Some length between the two ends, in whole seconds: between(hours=(2, 5))."""
        ((unit, (least, most)),) = spans.items()
        span = timedelta(**{unit: self.rng.uniform(least, most)})
        return timedelta(seconds=int(span.total_seconds()))

    def by_day(self) -> Iterator[tuple[date, list[Step]]]:
        """The steps that happen, in order, one list per day of China's calendar; empty days too."""
        known = [step for step in self._steps if step.at <= self.ends]
        known.sort(key=lambda step: step.at)
        found = {
            day: list(steps) for day, steps in groupby(known, lambda step: step.at.astimezone(CHINA).date())
        }
        for number in range(self.days + 1):
            day = self.begins + timedelta(days=number)
            yield day, found.get(day, [])

"""What the acts share: the instant, and who and what the script's names stand for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from demo.clockwork import Clockwork
from demo.models import Mark
from demo.script import Script
from kernel.actor import Actor
from kernel.money import Money


class Stage:
    """Names are kept in memory and written down once a day, in the transaction of that day."""

    def __init__(self, script: Script, clockwork: Clockwork) -> None:
        self.content = script.content
        self.ends = script.ends
        self.clockwork = clockwork
        self.refused: Counter[str] = Counter()
        named = Mark.objects.exclude(reference=None)
        self._names: dict[str, UUID] = {mark.key: mark.reference for mark in named if mark.reference}
        self._fresh: list[Mark] = []

    @property
    def at(self) -> datetime:
        return self.clockwork.now

    def call(self, name: str, reference: UUID) -> None:
        """From now on the script's `name` means this row."""
        self._names[name] = reference
        self._fresh.append(Mark(key=name, reference=reference, at=self.at))

    def get(self, name: str) -> UUID:
        return self._names[name]

    def knows(self, name: str) -> bool:
        return name in self._names

    def told(self) -> str:
        """How far the story is, for people who wait."""
        kinds = Counter(name.partition(":")[0] for name in self._names)
        return f"{kinds['goods']} listings, {kinds['order']} orders, {kinds['return']} returns"

    def forget_today(self) -> None:
        """The day is rolled back: what it named was never there."""
        for mark in self._fresh:
            del self._names[mark.key]
        self._fresh.clear()

    def write_down(self) -> None:
        Mark.objects.bulk_create(self._fresh)
        self._fresh.clear()

    def buyer(self, shopper: str) -> Actor:
        return Actor.buyer(self.get(f"person:{shopper}"))

    def member(self, slug: str) -> Actor:
        return Actor.member(self.get(f"owner:{slug}"), self.get(f"shop:{slug}"))

    def reviewer(self) -> Actor:
        return Actor.staff(self.get(f"person:{self.content.staff[-1]['key']}"))


def shop_of(order_key: str) -> str:
    """The shop's slug in an order's key ("p0012/qingchuan-tea")."""
    return order_key.partition("/")[2]


def share_of(amount: Money, share: float) -> Money:
    """A part of a sum as a story tells it, to the fen, never nothing."""
    permille = round(share * 1000)
    return max(amount.permille(permille), Money(1, amount.currency))

"""The moved clock: between two steps, everything that falls due meanwhile happens at its own instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from outbox import platform_clock, relay
from payments.sandbox import straight


class Clockwork:
    """Moves platform time forward only; sweeps, hands facts on and lets the payment provider work."""

    def __init__(self, move: platform_clock.Mover, start: datetime) -> None:
        self._move = move
        self.now = start

    def move_to(self, instant: datetime) -> None:
        """Go to `instant`, firing each deadline on the way when it is due."""
        while (due := _next_due()) is not None and due <= instant:
            self._set(max(due, self.now))
            sweep()
            self.hand_on()
        self._set(max(instant, self.now))

    def go_back(self, instant: datetime) -> None:
        """To the morning of a day that is played again."""
        self._set(instant)

    def hand_on(self) -> None:
        """Every waiting fact to its subscribers."""
        relay.drain_all()

    def let_money_move(self) -> None:
        """The provider answers our calls and its notices come in."""
        if straight.run(at=self.now):
            self.hand_on()

    def _set(self, instant: datetime) -> None:
        if instant != self.now:
            self.now = instant
            self._move(instant)


def _next_due() -> datetime | None:
    running = Deadline.objects.filter(state=State.OPEN).order_by("due_at", "id")
    return running.values_list("due_at", flat=True).first()


@contextmanager
def wound(start: datetime) -> Iterator[Clockwork]:
    """A clockwork standing at `start`; real time comes back at the end.

    :raises ClockFixed: in production
    """
    with platform_clock.moving(start) as move:
        yield Clockwork(move, start.astimezone(UTC))

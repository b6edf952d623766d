"""The letter before a deadline: from a table of kinds to letters, told once per threshold by the sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from deadlines import booking
from deadlines.events import DeadlineNear
from deadlines.models import State
from notifications.kinds import LetterKind, Value
from notifications.sending import send

# Every reminder says the same four things; its own text says what to do and what follows.
SAMPLE: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "until": datetime(2026, 11, 24, 0, 40, tzinfo=UTC),
    "hours": 24,
    "path": "/orders/A7M3Q9XK2PB/",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A subject and the page on which they can act."""

    subject_id: UUID
    path: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """What it is about, as people call it, and who is told."""

    number: str
    readers: Sequence[Reader]


@dataclass(frozen=True, slots=True)
class LetterBefore:
    """The letter of one kind of deadline, and who finds its readers from the deadline's reference."""

    letter: str
    readers_of: Callable[[UUID], Reminder]


_table: dict[str, LetterBefore] = {}


def connect(table: Mapping[str, LetterBefore]) -> None:
    """Take the table of config/subscriptions.py: deadline kind → letter and readers."""
    _table.clear()
    _table.update(table)


def letter_kinds(table: Mapping[str, LetterBefore]) -> tuple[LetterKind, ...]:
    """The kinds of letters in the table, each once."""
    return tuple(LetterKind(name, sample=SAMPLE) for name in sorted({each.letter for each in table.values()}))


def on_deadline_near(event: DeadlineNear, *, at: datetime) -> None:
    """Write to whoever can still act; nothing if the deadline has ended or moved meanwhile."""
    found = _table.get(event.kind)
    running = booking.find(kind=event.kind, reference=event.reference)
    if found is None or running is None or running.state != State.OPEN or running.due_at != event.due_at:
        return
    reminder = found.readers_of(event.reference)
    for reader in reminder.readers:
        send(
            subject_id=reader.subject_id,
            kind=found.letter,
            reference=event.reference,
            params={
                "number": reminder.number,
                "until": event.due_at,
                "hours": _hours(event.due_at - at),
                "path": reader.path,
            },
            at=at,
        )


def _hours(left: timedelta) -> int:
    """Whole hours begun, so that "1 hour left" never reads as none."""
    return max(1, -(-left // timedelta(hours=1)))

"""Who listens to what, which outcome a deadline has: the readable tables of the house."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from accounts import letters as accounts_letters
from accounts.events import GuestClaimed
from deadlines import handlers as deadline_handlers
from deadlines.events import DeadlineFired
from kernel.events import Event
from merchants import letters as merchants_letters
from notifications import kinds
from notifications.kinds import LetterKind
from privacy import examining
from privacy.events import FileReceived

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    DeadlineFired: (deadline_handlers.on_deadline_fired,),
    FileReceived: (examining.on_file_received,),
    GuestClaimed: (),
}

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {}

# What may be written to people; each room's table.
LETTERS: tuple[tuple[LetterKind, ...], ...] = (
    accounts_letters.KINDS,
    merchants_letters.KINDS,
)


def connect_rest() -> None:
    """Letter kinds and the privacy inventory, handed down at start."""
    kinds.install(chain.from_iterable(LETTERS))

"""After a restore: forget again whom we forgot, carry out what became due, then serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines.sweep import sweep_all
from notifications import delivery
from outbox.relay import drain_all
from payments import invariants
from privacy import keys, restored, tombstones


@dataclass(frozen=True, slots=True)
class Finished:
    """What was done before the doors open, and what staff still have to decide."""

    tombstones: int
    fired: int
    handled: int
    letters_held: int
    offences: int


def finish(*, at: datetime) -> Finished:
    """Replay the tombstones and let the system serve. It can be broken off and begun again.

    :raises JournalBroken: the journal was tampered with; nothing is served
    """
    if restored.awaiting() is None and tombstones.behind():
        # Other hands put the database back: the same care holds.
        restored.note(backup_id="", taken_at=None, keys_missing=False, leaves_lost=0, at=at)
    replayed = tombstones.replay(forget=forget_again, at=at)
    fired, handled = sweep_all(), drain_all()
    restored.finish(tombstones_replayed=replayed, at=at)
    return Finished(
        replayed, fired, handled, delivery.held(until=at), sum(count for _, count in invariants.report())
    )


def forget_again(*, subject_id: UUID, at: datetime) -> None:
    """Erasure's own steps, once more, for a subject that came back out of a backup."""
    keys.destroy(subject_id=subject_id, at=at)

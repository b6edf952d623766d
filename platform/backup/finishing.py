"""After a restore: forget again whom we forgot, carry out what became due, then serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from backup import snapshot
from deadlines.sweep import sweep_all
from notifications import delivery
from outbox.relay import drain_all
from payments import invariants
from privacy import erasure, restored, tombstones


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
    replayed = tombstones.replay(forget=erasure.erase_again)
    _wipe(replayed)
    fired, handled = sweep_all(), drain_all()
    restored.finish(tombstones_replayed=replayed, at=at)
    return Finished(
        replayed, fired, handled, delivery.held(until=at), sum(count for _, count in invariants.report())
    )


def _wipe(replayed: int) -> None:
    """Rewrite the tables of keys, so that no dead row of the disk still holds a destroyed one."""
    for table in snapshot.key_tables() if replayed and not connection.in_atomic_block else ():
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM FULL {connection.ops.quote_name(table)}")

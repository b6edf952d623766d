"""How the platform is, measured now: for machines that watch it and for the public page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from privacy import journal, restored, tombstones
from rulebook import policies

LIMITS = "health.limits"
# What waits longest, in seconds: a fact to be handed on, a deadline to be fired. Nothing waits: 0.
RELAY_LAG = """
    SELECT coalesce(extract(epoch FROM statement_timestamp() - min(next_at)), 0) FROM outbox_message
     WHERE handled_at IS NULL AND parked_at IS NULL AND next_at <= statement_timestamp()
"""
SWEEP_LAG = """
    SELECT coalesce(extract(epoch FROM platform_now() - min(due_at)), 0) FROM deadlines_deadline
     WHERE state = 'open' AND due_at <= platform_now()
"""
PARKED = "SELECT count(*) FROM outbox_message WHERE parked_at IS NOT NULL AND handled_at IS NULL"


@dataclass(frozen=True, slots=True)
class Health:
    """Seconds of lag; `closed_because` is a code of `privacy.restored`; `backup_at`: the newest backup."""

    database: bool
    migrated: bool
    closed_because: str
    relay_lag: int
    sweep_lag: int
    parked: int
    backup_at: datetime | None
    relay_good: bool
    sweep_good: bool
    backup_good: bool

    @property
    def ready(self) -> bool:
        """Whether requests may be sent here; a late relay is no reason to turn people away."""
        return self.database and self.migrated and not self.closed_because

    @property
    def good(self) -> bool:
        return self.ready and self.relay_good and self.sweep_good


def measure(*, at: datetime) -> Health:
    """Ask once; a database that is away is an answer too."""
    try:
        relay, sweep, parked = (_number(query) for query in (RELAY_LAG, SWEEP_LAG, PARKED))
        migrated, limits = _migrated(), policies.value(LIMITS, at)
    except (DatabaseError, policies.PolicyUnknown):
        return Health(False, False, "", 0, 0, 0, None, False, False, False)
    backup_at = _backup_at()
    fresh = timedelta(hours=limits["backup_hours"])
    return Health(
        database=True,
        migrated=migrated,
        closed_because=restored.why_not(),
        relay_lag=relay,
        sweep_lag=sweep,
        parked=parked,
        backup_at=backup_at,
        relay_good=relay <= limits["relay_seconds"],
        sweep_good=sweep <= limits["sweep_seconds"],
        backup_good=backup_at is not None and at - backup_at <= fresh,
    )


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _migrated() -> bool:
    """Whether the database has every migration of this code."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _backup_at() -> datetime | None:
    try:
        return journal.read(tombstones.place()).backup_at
    except journal.JournalBroken:
        return None

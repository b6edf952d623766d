"""Claiming what is due: one statement marks the rows and writes their messages."""

from __future__ import annotations

from django.db import connection, transaction

from deadlines.events import DeadlineFired

# The claim, the mark and the message are one statement, so a crash leaves all or nothing.
# `platform_now()` is the database's: a worker with a wrong clock fires nothing early.
SWEEP = """
WITH due AS (
    SELECT id FROM deadlines_deadline
     WHERE state = 'open' AND due_at <= platform_now()
     ORDER BY due_at, id
     LIMIT %s
       FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE deadlines_deadline d
       SET state = 'fired', ended_at = platform_now(), version = d.version + 1
      FROM due
     WHERE d.id = due.id
 RETURNING d.id, d.kind, d.reference, d.due_at
)
INSERT INTO outbox_message (id, name, payload, occurred_at, attempts, next_at, error)
SELECT gen_random_uuid(), %s,
       jsonb_build_object('deadline_id', id, 'kind', kind, 'reference', reference, 'due_at', due_at),
       platform_now(), 0, statement_timestamp(), ''
  FROM fired
 ORDER BY due_at, id
"""


@transaction.atomic
def sweep(*, limit: int = 1000) -> int:
    """Fire up to `limit` due deadlines, the oldest first; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(SWEEP, [limit, DeadlineFired.event_name])
        return int(cursor.rowcount)


def sweep_all() -> int:
    """Until nothing is due."""
    count = 0
    while fired := sweep():
        count += fired
    return count

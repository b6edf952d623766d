"""Letters before a deadline: one statement marks the rows whose threshold has come and tells of it."""

from __future__ import annotations

from django.db import connection, transaction

from deadlines.events import DeadlineNear

# Told once per threshold: the mark moves in the statement that writes the message. After an outage
# that swallowed the first threshold only the second is told, and nothing about what is overdue.
TELL = """
WITH near AS (
    SELECT id FROM deadlines_deadline
     WHERE state = 'open' AND next_letter_at <= platform_now()
     ORDER BY next_letter_at, id
     LIMIT %s
       FOR UPDATE SKIP LOCKED
), told AS (
    UPDATE deadlines_deadline d
       SET next_letter_at = CASE WHEN d.last_letter_at > platform_now() THEN d.last_letter_at END,
           last_letter_at = NULL
      FROM near
     WHERE d.id = near.id
 RETURNING d.id, d.kind, d.reference, d.due_at, d.next_letter_at
), written AS (
    INSERT INTO outbox_message (id, name, payload, occurred_at, attempts, next_at, error)
    SELECT gen_random_uuid(), %s,
           jsonb_build_object('deadline_id', id, 'kind', kind, 'reference', reference, 'due_at', due_at,
                              'threshold', CASE WHEN next_letter_at IS NULL THEN 'second' ELSE 'first' END),
           platform_now(), 0, statement_timestamp(), ''
      FROM told
     WHERE due_at > platform_now()
     ORDER BY due_at, id
)
SELECT count(*) FROM told
"""


@transaction.atomic
def tell(*, limit: int = 1000) -> int:
    """Tell of up to `limit` thresholds that have come; gives how many rows were marked."""
    with connection.cursor() as cursor:
        cursor.execute(TELL, [limit, DeadlineNear.event_name])
        return int(cursor.fetchone()[0])

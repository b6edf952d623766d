"""The sweep with 1,000 due among a million open rows, against the bare claim of as many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.measuring import Figure, compare, count, timed
from bench.stalls import tidy
from deadlines.models import Deadline, State
from deadlines.sweep import sweep

KIND, DUE = "bench.deadline", 1000

INSERT = """
INSERT INTO deadlines_deadline (id, kind, reference, owner, state, due_at, rule_id, pack_version,
    calendar_version, provisional, inputs, booked_at, version)
SELECT gen_random_uuid(), %s, gen_random_uuid(), 'merchant', 'open',
    platform_now() + %s::interval + n * %s::interval, 'policy.silence.bench', 'bench', '', false, '{}',
    platform_now(), 1
  FROM generate_series(1, %s) AS n
"""

# The limit: take them and mark them, nothing told to anybody.
CLAIM = """
UPDATE deadlines_deadline SET state = 'fired', ended_at = platform_now(), version = version + 1
 WHERE id IN (SELECT id FROM deadlines_deadline WHERE state = 'open' AND due_at <= platform_now()
               ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def deadlines(*, rounds: int, rows: int = 1_000_000) -> Figure:
    """`rows` open ones, due from a year on; before each round 1,000 more that are due now."""
    _fill(rows)
    with CaptureQueriesContext(connection) as taken:
        sweep(limit=0)
    figure = compare(
        "deadlines",
        _round(lambda: sweep(limit=DUE)),
        _round(_claim),
        rounds=rounds,
        statements=count(taken),
        open_rows=rows,
        due=DUE,
    )
    Deadline.objects.filter(kind=KIND, state=State.FIRED).delete()
    figure.facts["deadlines_per_second"] = round(figure.ours.per_second * DUE)
    return figure


def _fill(rows: int) -> None:
    missing = rows - Deadline.objects.filter(state=State.OPEN).count()
    if missing > 0:
        _insert(missing, after=timedelta(days=365), apart=timedelta(seconds=1))
        tidy("deadlines_deadline")


def _insert(number: int, *, after: timedelta, apart: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [KIND, str(after), str(apart), number])


def _round(step: Callable[[], int]) -> Callable[[], Iterator[float]]:
    def go() -> Iterator[float]:
        _insert(DUE, after=timedelta(days=-1), apart=timedelta(seconds=1))
        done = 0

        def once() -> None:
            nonlocal done
            done = step()

        yield timed(once)
        if done != DUE:
            raise RuntimeError(f"{done} of {DUE} were taken")

    return go


@transaction.atomic
def _claim() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [DUE])
        return int(cursor.rowcount)

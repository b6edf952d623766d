"""What came of reports: counts for everybody, small ones hidden, never a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from oversight.models import Matter, Report
from oversight.states import RUNNING, Kind, MatterState

YEAR = timedelta(days=365)
SCHEMA = "anxin.reports.1"
OUTCOMES = [str(state) for state in MatterState if state not in RUNNING]


@dataclass(frozen=True, slots=True)
class Row:
    """Matters of one kind that were opened within the time; `outcomes` by the name of the state."""

    kind: str
    matters: int
    running: int
    in_time: int
    late: int
    outcomes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Figures:
    since: datetime
    until: datetime
    reports: int
    rows: list[Row]

    @property
    def matters(self) -> int:
        return sum(row.matters for row in self.rows)

    @property
    def running(self) -> int:
        return sum(row.running for row in self.rows)

    @property
    def in_time(self) -> int:
        return sum(row.in_time for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)

    def outcome(self, name: str) -> int:
        return sum(row.outcomes[name] for row in self.rows)


def of_year(*, at: datetime) -> Figures:
    """The last twelve months in two statements."""
    since = at - YEAR
    opened = Matter.objects.opened_between(since, at)
    late = Q(overdue_at__isnull=False)
    running = Q(state__in=sorted(RUNNING))
    counted = (
        opened.order_by()
        .values("kind")
        .annotate(
            matters=Count("id"),
            running=Count("id", filter=running),
            in_time=Count("id", filter=~running & ~late),
            late=Count("id", filter=late),
            **{f"out_{name}": Count("id", filter=Q(state=name)) for name in OUTCOMES},
        )
    )
    found: dict[str, dict[str, Any]] = {row["kind"]: dict(row) for row in counted}
    rows = [_row(kind, found[str(kind)]) for kind in Kind if str(kind) in found]
    told = Report.objects.filter(made_at__gt=since, made_at__lte=at).count()
    return Figures(since, at, told, rows)


def _row(kind: Kind, found: dict[str, Any]) -> Row:
    outcomes = {name: found[f"out_{name}"] for name in OUTCOMES}
    return Row(str(kind), found["matters"], found["running"], found["in_time"], found["late"], outcomes)


def as_data(found: Figures) -> dict[str, Any]:
    """The same for programs; nothing in it leads to a person."""
    return {
        "schema": SCHEMA,
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "reports": found.reports,
        "matters": found.matters,
        "running": found.running,
        "decided_in_time": found.in_time,
        "late": found.late,
        "kinds": [
            {
                "kind": row.kind,
                "matters": row.matters,
                "running": row.running,
                "decided_in_time": row.in_time,
                "late": row.late,
                "outcomes": row.outcomes,
            }
            for row in found.rows
        ],
    }

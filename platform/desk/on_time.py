"""How many orders were sent in time, week by week, and the picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from merchants.models import Merchant
from orders.models import Order

WEEKS = 12
ENOUGH = 5
WIDTH, HEIGHT, LEFT, BOTTOM = 940, 210, 38, 184


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its last day; `percent` is None where nothing was sent."""

    ends: date
    sent: int
    in_time: int
    x: int = 0
    y: int = 0

    @property
    def percent(self) -> int | None:
        return self.in_time * 100 // self.sent if self.sent else None


@dataclass(frozen=True, slots=True)
class Chart:
    weeks: list[Week]
    sent: int
    in_time: int

    @property
    def percent(self) -> int:
        return self.in_time * 100 // self.sent

    @property
    def path(self) -> str:
        """The line over the weeks in which something was sent, in the picture's units."""
        points = [week for week in self.weeks if week.percent is not None]
        return " ".join(f"{'L' if i else 'M'}{week.x} {week.y}" for i, week in enumerate(points))


def chart(merchant: Merchant, *, at: datetime, zone: str = "Asia/Shanghai") -> Chart | None:
    """The last twelve weeks; None while fewer than five orders were sent in them."""
    today = at.astimezone(ZoneInfo(zone)).date()
    since = at - timedelta(weeks=WEEKS)
    rows = Order.objects.of_merchant(merchant.pk).filter(shipped_at__gte=since, dispatch_by__isnull=False)
    counts = [[0, 0] for _ in range(WEEKS)]
    for shipped_at, dispatch_by in rows.values_list("shipped_at", "dispatch_by"):
        if shipped_at is None or dispatch_by is None:
            continue
        week = WEEKS - 1 - min((at - shipped_at).days // 7, WEEKS - 1)
        counts[week][0] += 1
        counts[week][1] += shipped_at < dispatch_by
    weeks = [_placed(today, i, sent, in_time) for i, (sent, in_time) in enumerate(counts)]
    sent, in_time = sum(one.sent for one in weeks), sum(one.in_time for one in weeks)
    return Chart(weeks, sent, in_time) if sent >= ENOUGH else None


def _placed(today: date, i: int, sent: int, in_time: int) -> Week:
    percent = in_time * 100 // sent if sent else 0
    x = LEFT + (WIDTH - 2 * LEFT) * i // (WEEKS - 1)
    y = BOTTOM - (BOTTOM - 12) * percent // 100
    return Week(today - timedelta(weeks=WEEKS - 1 - i), sent, in_time, x, y)

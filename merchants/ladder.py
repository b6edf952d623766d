"""The ladder of penalties: points of a quarter add up to a step; lengths and tiers are policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum

from law.counting import local_day, midnight_after
from law.windows import Window
from merchants.models import Penalty
from merchants.penalty_lifecycle import COUNTING, Step
from rulebook import current, policies, promises

POLICY = "penalty.ladder"


@dataclass(frozen=True, slots=True)
class Ladder:
    """`tiers`: from how many points on which step follows, the lowest first."""

    tiers: tuple[tuple[int, Step], ...]
    rule_id: str
    version: str

    def step(self, points: int) -> Step:
        reached = [step for least, step in self.tiers if points >= least]
        return reached[-1] if reached else Step.WARNING

    def next_tier(self, points: int) -> tuple[int, Step] | None:
        return next((tier for tier in self.tiers if tier[0] > points), None)


def ladder(at: datetime) -> Ladder:
    row = policies.row(POLICY, at)
    tiers = tuple((int(each["points"]), Step(each["step"])) for each in row.value["tiers"])
    return Ladder(tiers, row.rule_id, row.pack_version)


def quarter_begins(at: datetime) -> datetime:
    """The first instant of the calendar quarter in China, where points begin anew."""
    zone = current.pack("CN", at).zone
    today = local_day(at, zone)
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return midnight_after(date_before(first), zone)


def date_before(day: date) -> date:
    return day - timedelta(days=1)


def points(merchant_id: UUID, *, at: datetime) -> int:
    """What stands against the shop in this quarter."""
    counted = Penalty.objects.filter(
        merchant_id=merchant_id,
        state__in=[str(one) for one in COUNTING],
        imposed_at__gte=quarter_begins(at),
        imposed_at__lte=at,
    )
    return counted.aggregate(sum=Sum("points"))["sum"] or 0


def lasts(*, since: datetime) -> Window:
    """How long a penalty in force lasts."""
    return promises.due("silence.penalty_lasts", start=since, at=since)

"""How often the platform was late itself: its own clocks of a year, counted for everybody, naming nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q

from catalog import reports, review_clock
from complaints import deadlines as complaint_clocks
from deadlines.models import Deadline, Owner, State
from kernel.errors import N_
from merchants import deadlines as merchant_clocks
from merchants import inspection_deadlines
from privacy import deadlines as privacy_clocks

YEAR = timedelta(days=365)
_KEY, _SECONDS = "desk:own_time", 600
# What the platform promised to do in time, in words that a visitor knows.
CLOCKS = {
    complaint_clocks.DECISION: N_("Complaints decided"),
    reports.CLOCK: N_("Reports of illegal offers answered"),
    review_clock.REVIEW: N_("Listings read before they went on sale"),
    merchant_clocks.APPLICATION_REVIEW: N_("Shops' applications decided"),
    merchant_clocks.APPEAL: N_("Shops' appeals decided"),
    inspection_deadlines.DUE: N_("Shops inspected as planned"),
    privacy_clocks.ANSWER: N_("Requests about your own data answered"),
    privacy_clocks.PROOF_DECISION: N_("Guardians' proofs compared"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """`words` is a msgid; `late` of `whole` ended by their instant instead of by us."""

    words: str
    whole: int
    late: int


def of_year(*, at: datetime) -> list[Kept]:
    """What ended in the last 365 days, in the order of CLOCKS; counted anew every ten minutes."""
    counted: dict[str, list[int]] | None = cache.get(_KEY)
    if counted is None:
        counted = _counted(at)
        cache.set(_KEY, counted, _SECONDS)
    return [Kept(words, *counted[kind]) for kind, words in CLOCKS.items() if kind in counted]


def _counted(at: datetime) -> dict[str, list[int]]:
    ended = Deadline.objects.filter(
        state__in=[State.MET, State.FIRED],
        ended_at__gt=at - YEAR,
        ended_at__lte=at,
        owner=Owner.PLATFORM,
        kind__in=list(CLOCKS),
    )
    rows = ended.order_by("kind").values("kind")
    rows = rows.annotate(whole=Count("id"), late=Count("id", filter=Q(state=State.FIRED)))
    return {row["kind"]: [row["whole"], row["late"]] for row in rows}

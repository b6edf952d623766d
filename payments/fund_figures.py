"""The protection fund as a balance sheet: what came, what it paid in shops' stead, what is owed, how fast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q, Sum

from kernel.money import Money
from payments import accounts, ledger
from payments.lifecycle import AwardState
from payments.models import Award, Posting

_MEDIAN = """
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY settled_at - owed_at)
    FROM payments_award WHERE state = 'paid'"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """In yuan: `held` = `came` + `back` - (`paid` - `by_platform`), and `owed` = `paid` - `back`.

    `came` is what was paid in, `back` what shops paid back, `by_platform` what the fund lacked.
    """

    held: Money
    came: Money
    back: Money
    paid: Money
    by_platform: Money
    owed: Money
    cases: int


@dataclass(frozen=True, slots=True)
class Compensations:
    """All that was owed on top of prices; `median` from owing to the buyer, None while none has arrived."""

    owed: Money
    count: int
    arrived: Money
    waiting: int
    median: timedelta | None

    @property
    def median_hours(self) -> int:
        return self._minutes // 60

    @property
    def median_minutes(self) -> int:
        return self._minutes % 60

    @property
    def _minutes(self) -> int:
        return (self.median or timedelta()) // timedelta(minutes=1)


def sheet() -> Sheet:
    """In three statements."""
    claims = Posting.objects.filter(account=accounts.CLAIMS, currency=Money.zero().currency)
    lent = claims.aggregate(
        paid=Sum("amount_minor", filter=Q(amount_minor__gt=0), default=0),
        back=Sum("amount_minor", filter=Q(amount_minor__lt=0), default=0),
        cases=Count("id", filter=Q(amount_minor__gt=0)),
    )
    held = ledger.balance(accounts.FUND)
    gave = Posting.objects.filter(
        account=accounts.FUND, currency=held.currency, amount_minor__lt=0, entry__in=claims.values("entry")
    ).aggregate(minor=Sum("amount_minor", default=0))["minor"]
    paid, back, from_fund = Money(int(lent["paid"])), Money(-int(lent["back"])), Money(-int(gave))
    return Sheet(
        held=held,
        came=held + from_fund - back,
        back=back,
        paid=paid,
        by_platform=paid - from_fund,
        owed=paid - back,
        cases=lent["cases"],
    )


def compensations() -> Compensations:
    """In two statements."""
    arrived = Q(state=AwardState.PAID)
    found = Award.objects.filter(currency=Money.zero().currency).aggregate(
        owed=Sum("amount_minor", default=0),
        arrived=Sum("amount_minor", filter=arrived, default=0),
        count=Count("id"),
        waiting=Count("id", filter=~arrived),
    )
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN)
        (median,) = cursor.fetchone()
    sums = {name: Money(int(found[name])) for name in ("owed", "arrived")}
    return Compensations(**sums, count=found["count"], waiting=found["waiting"], median=median)

"""What a promise would have cost the shop in the last 90 days, had it stood: shown before it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from catalog.models import PriceHistory
from catalog.promises import Promise
from orders import promise_sums
from orders.models import OrderLine, ReturnLine, ReturnMove

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of `cases` that the promise would have been about, `broken` weren't kept; `minor` is what that pays.

    `reckoned` is False for what no machine can work out.
    """

    cases: int = 0
    broken: int = 0
    minor: int = 0
    reckoned: bool = True


def preview(merchant_id: UUID, made: Promise, *, categories: Iterable[str], at: datetime) -> Cost:
    """From the shop's own orders of those categories (none: all) that were paid in the last 90 days."""
    reckon = _BY_FAMILY.get(made.family)
    if reckon is None:
        return Cost(reckoned=False)
    lines = OrderLine.objects.filter(
        order__merchant_id=merchant_id, order__paid_at__gt=at - LOOK_BACK, order__paid_at__lte=at
    )
    if wanted := list(categories):
        lines = lines.filter(listing__category_id__in=wanted)
    return reckon(list(lines.select_related("order")), made, at)


def _dispatch(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    """Sent at or after the promised hour, or still waiting then."""
    limit = timedelta(hours=made.measure)
    late = [
        line
        for line in lines
        if line.order.paid_at and (line.order.shipped_at or at) >= line.order.paid_at + limit
    ]
    return _paying(lines, late, at)


def _price(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    """The deepest fall of each line's variant within the promised days after payment."""
    rows = PriceHistory.objects.filter(
        variant__in={line.variant_id for line in lines}, valid_from__gt=at - LOOK_BACK
    )
    fell: dict[UUID, int] = {}
    for line in lines:
        assert line.order.paid_at is not None, "only paid lines are looked at"
        until = line.order.paid_at + timedelta(days=made.measure)
        shown = line.unit_minor + line.standard_freight.minor // line.quantity
        prices = [
            row.price_minor
            for row in rows
            if row.variant_id == line.variant_id and line.order.paid_at < row.valid_from < min(until, at)
        ]
        if prices and min(prices) < shown:
            fell[line.pk] = (shown - min(prices)) * line.returnable_quantity
    return Cost(len(lines), len(fell), sum(fell.values()))


def _answer(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    """Returns on which the shop has a say, by when it said something; complaints have their own record."""
    limit = timedelta(hours=made.measure)
    asked = _parts(lines).exclude(returning__kind="no_reason")
    slow = [
        part.line for part in asked if (part.returning.accepted_at or at) >= part.returning.asked_at + limit
    ]
    return _paying(list(asked), slow, at)


def _refund(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    """Goods that were back for longer before the money was; the refund itself is all that is owed."""
    limit = timedelta(hours=made.measure)
    back = _parts(lines).filter(returning__received_at__isnull=False)
    slow = [
        part
        for part in back
        if part.returning.received_at
        and (part.returning.refunded_at or at) > part.returning.received_at + limit
    ]
    return Cost(len(back), len(slow))


def _return(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    """Returns without a reason that the shop refused: each of them would be looked at."""
    parts = _parts(lines).filter(returning__kind="no_reason")
    return Cost(len(lines), _refused(parts))


def _damage(lines: list[OrderLine], made: Promise, at: datetime) -> Cost:
    parts = _parts(lines).exclude(returning__kind="no_reason")
    return Cost(parts.count(), _refused(parts))


def _refused(parts: QuerySet[ReturnLine]) -> int:
    return ReturnMove.objects.filter(name="refuse", returning__in=parts.values("returning")).count()


def _parts(lines: list[OrderLine]) -> QuerySet[ReturnLine]:
    return ReturnLine.objects.filter(line__in=[line.pk for line in lines]).select_related("returning", "line")


def _paying(cases: list[OrderLine] | list[ReturnLine], late: list[OrderLine], at: datetime) -> Cost:
    return Cost(len(cases), len(late), sum(promise_sums.compensation(line, at=at).minor for line in late))


_BY_FAMILY: dict[str, Callable[[list[OrderLine], Promise, datetime], Cost]] = {
    "dispatch_hours": _dispatch,
    "price_protection_days": _price,
    "answer_hours": _answer,
    "refund_hours": _refund,
    "return_days": _return,
    "damage_replaced": _damage,
}

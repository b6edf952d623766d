"""How much one person may bring in by retail import: by order and by calendar year, from the law in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from catalog import import_tax
from kernel.errors import N_, DomainError
from kernel.money import Money, total
from law.import_tax import Limits, limits
from orders.arranged import CartGroup
from orders.models import OrderLine
from rulebook import current

_LOCK = 1210


class OverOrderLimit(DomainError):
    """Several pieces: they can be ordered one by one."""

    code = "import_order_limit"
    status = 422
    message = N_(
        "Cross-border imports come in up to %(limit)s an order, freight included, and these make %(sum)s."
        " Order them separately. Nothing has been charged."
    )


class PieceOverOrderLimit(OverOrderLimit):
    """One piece alone: the tax of general trade falls due, which no pack knows."""

    code = "import_piece_limit"
    message = N_(
        "One piece costs more than the %(limit)s that a cross-border import may cost. It could only come in"
        " as general trade, whose tax isn't reckoned here, so we don't sell it this way. Nothing has been"
        " charged."
    )


class OverYearLimit(DomainError):
    """`left` is what the year still holds."""

    code = "import_year_limit"
    status = 422
    message = N_(
        "Cross-border imports come in up to %(limit)s a person and year, and you have %(left)s left this"
        " year. This order holds %(sum)s of them. Take something out. Nothing has been charged."
    )


def require_within(*, subject_id: UUID, groups: Sequence[CartGroup], at: datetime) -> None:
    """Check before ordering; one person's orders wait for each other meanwhile.

    :raises OverOrderLimit, PieceOverOrderLimit: one merchant's order :raises OverYearLimit: all of them
    """
    sums = [amount for group in groups if (amount := imported(group))]
    if not sums:
        return
    found = limits(pack=current.pack(current.HOME, at), at=at)
    for group in groups:
        _require_order(group, found)
    _lock(subject_id)
    left = found.year - used(subject_id=subject_id, since=found.year_since)
    if total(sums) > left:
        left = max(left, Money.zero())
        raise OverYearLimit(limit=found.year, left=left, sum=total(sums), rule=found.rule_id)


def imported(group: CartGroup) -> Money:
    """What the order holds of retail imports, with their freight."""
    return total(item.total for item in group.items if import_tax.is_retail_import(item.listing.content))


def used(*, subject_id: UUID, since: datetime) -> Money:
    """Ordered since then as retail import, less what went back or never came."""
    return Money(OrderLine.objects.imported_by(subject_id, since=since))


def _require_order(group: CartGroup, found: Limits) -> None:
    amount = imported(group)
    if amount <= found.order:
        return
    brought = [item for item in group.items if import_tax.is_retail_import(item.listing.content)]
    alone = len(brought) == 1 and brought[0].quantity == 1
    refusal = PieceOverOrderLimit if alone else OverOrderLimit
    raise refusal(limit=found.order, sum=amount, rule=found.rule_id)


def _lock(subject_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [str(subject_id), _LOCK])

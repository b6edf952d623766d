"""What a shop has in points, what they were earned for and went into; read for its portal and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from kernel.errors import N_
from kernel.money import Money
from payments import accounts, ledger
from payments.models import PointsAccount, PointsLot, Posting
from payments.points import spending, terms
from payments.points.spending import Ending, MovementKind
from payments.points_models import CURRENCY, Ground
from web import tenancy

# The beginning of an entry's purpose → what it is to a shop, and in words.
MOVEMENTS = {
    "points": (MovementKind.EARNED, N_("Earned with a settled order")),
    "points_taken": (MovementKind.TAKEN, N_("Taken back: money of the order went back")),
    "points_expired": (MovementKind.ENDED, N_("Not used in time")),
    "points_redeemed": (MovementKind.SPENT, N_("Redeemed for fees")),
    "placement": (MovementKind.SPENT, N_("Paid place in a list")),
    "placement:back": (MovementKind.BACK, N_("Days of a paid place that never came")),
}
OF_KIND = {
    MovementKind.EARNED: Q(entry__purpose="points"),
    MovementKind.SPENT: Q(entry__purpose__in=["points_redeemed", "placement"]),
    MovementKind.BACK: Q(entry__purpose="placement:back"),
    # What is taken back of one lot is counted through: "points_taken:30".
    MovementKind.TAKEN: Q(entry__purpose__startswith="points_taken:"),
    MovementKind.ENDED: Q(entry__purpose="points_expired"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be used now and when it ends, what lowers the next fees, and what is owed back."""

    balance: Money
    endings: list[Ending]
    relief: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class Rate:
    """A ground and how many points it earns of a thousand fen of the platform's fee."""

    ground: Ground
    permille: int


@dataclass(frozen=True, slots=True)
class ShopMovement:
    """Points that came (above zero) or went, how many there were afterwards; `order_id`: which order's."""

    at: datetime
    kind: MovementKind
    words: str
    points: int
    after: int
    order_id: UUID | None
    grounds: list[str]


@tenancy.widened()
def standing(merchant_id: UUID, *, at: datetime) -> Standing:
    """Without what is over `at`, whether or not a sweep has passed."""
    none = Money.zero(CURRENCY)
    account = PointsAccount.objects.filter(merchant_id=merchant_id).first()
    relief = ledger.balance(accounts.relief(merchant_id), CURRENCY)
    if account is None:
        return Standing(none, [], relief, none)
    ends = spending.endings_of(account, at=at)
    owing = PointsLot.objects.open_of(account.pk).filter(revoked_at__isnull=False, expires_at__gt=at)
    return Standing(
        balance=Money(sum(each.points for each in ends), CURRENCY),
        endings=ends,
        relief=relief,
        owed=Money(sum(each.room for each in owing), CURRENCY),
    )


def rates(at: datetime) -> list[Rate]:
    """The published rule in force."""
    return [Rate(ground, terms.shop_permille(ground, at)) for ground in Ground]


@tenancy.widened()
def count(merchant_id: UUID, *, kind: str = "") -> int:
    """How many movements there are; a kind that isn't one filters nothing."""
    return _rows(merchant_id, kind).count()


@tenancy.widened()
def movements(
    merchant_id: UUID, *, kind: str = "", oldest_first: bool = False, part: slice
) -> list[ShopMovement]:
    """A part of the movements, each with what there was after it."""
    sign = "" if oldest_first else "-"
    rows = _rows(merchant_id, kind).select_related("entry")
    found = list(rows.order_by(f"{sign}entry__occurred_at", f"{sign}entry_id")[part])
    after = _after(found)
    lots = PointsLot.objects.in_bulk([row.entry.reference for row in found])
    return [_movement(row, after[row.pk], lots.get(row.entry.reference)) for row in found]


def _rows(merchant_id: UUID, kind: str) -> QuerySet[Posting]:
    account = PointsAccount.objects.filter(merchant_id=merchant_id).first()
    rows = Posting.objects.filter(account=account.account) if account else Posting.objects.none()
    return rows.filter(OF_KIND[MovementKind(kind)]) if kind in set(MovementKind) else rows


def _after(rows: Sequence[Posting]) -> dict[UUID, int]:
    """Posting → what there was after it, whichever movements a page leaves out."""
    if not rows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, after FROM (SELECT p.id, sum(p.amount_minor)"
            " OVER (ORDER BY e.occurred_at, e.id) AS after FROM payments_posting p"
            " JOIN payments_ledgerentry e ON e.id = p.entry_id WHERE p.account = %s) summed"
            " WHERE id = ANY(%s)",
            [rows[0].account, [row.pk for row in rows]],
        )
        return {pk: int(after) for pk, after in cursor.fetchall()}


def _movement(row: Posting, after: int, lot: PointsLot | None) -> ShopMovement:
    purpose = row.entry.purpose
    kind, words = MOVEMENTS.get(purpose) or MOVEMENTS[purpose.partition(":")[0]]
    return ShopMovement(
        at=row.entry.occurred_at,
        kind=kind,
        words=words,
        points=row.amount_minor,
        after=after,
        order_id=lot.reference if lot else None,
        grounds=[str(Ground(each).label) for each in lot.grounds]
        if lot and kind == MovementKind.EARNED
        else [],
    )

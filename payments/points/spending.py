"""What somebody has in points now, until when, how it came and went, and what of an order it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.errors import N_
from kernel.money import Money
from payments import ledger, tenders
from payments.capture import Part
from payments.models import Payment, PointsAccount, PointsLot, Posting
from payments.points import terms
from payments.points_models import CURRENCY, LotKind
from payments.tenders import Tendered


class MovementKind(TextChoices):
    """How a page filters the movements."""

    EARNED = "earned", _("Earned")
    SPENT = "spent", _("Spent")
    BACK = "back", _("Back from an order")
    TAKEN = "taken", _("Deducted")
    ENDED = "ended", _("Ended")


# The beginning of an entry's purpose → what it is to whoever has the points, and in words.
MOVEMENTS = {
    "points": (MovementKind.EARNED, N_("Earned with an order")),
    "points_taken": (MovementKind.TAKEN, N_("Deducted: money of the order went back")),
    "points_expired": (MovementKind.ENDED, N_("Not used in time")),
    "points_given_up": (MovementKind.ENDED, N_("Given up with the account")),
    "tender": (MovementKind.SPENT, N_("Put aside for an order")),
    "tender_again": (MovementKind.SPENT, N_("Put aside again: the money came late")),
    "tender_back": (MovementKind.BACK, N_("Not paid in time: put back")),
    "refund": (MovementKind.BACK, N_("Back from an order")),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """So many points end at `at`, the first instant too late."""

    at: datetime
    points: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Points gained (above zero) or given, how many there were afterwards, and the payment they went into."""

    at: datetime
    kind: MovementKind
    words: str
    points: int
    after: int
    number: str


def balance(subject_id: UUID, *, at: datetime) -> Money:
    """What can be spent now: without what is over, whether or not a sweep has passed."""
    return Money(sum(each.points for each in endings(subject_id, at=at)), CURRENCY)


def endings(subject_id: UUID, *, at: datetime) -> list[Ending]:
    """What is there by the instant at which it ends, the next one first."""
    account = _account(subject_id)
    return endings_of(account, at=at) if account else []


def endings_of(account: PointsAccount, *, at: datetime) -> list[Ending]:
    """The same of a known account: a buyer's or a shop's."""
    return [each for each in _endings(account) if at < each.at]


def _endings(account: PointsAccount) -> list[Ending]:
    """What ends last is what is left: each lot holds what later ones have no room for."""
    left = ledger.balance(account.account, CURRENCY).minor
    found: dict[datetime, int] = {}
    for lot in reversed(PointsLot.objects.open_of(account.pk)):
        held = min(left, lot.room)
        if held:
            found[lot.expires_at] = found.get(lot.expires_at, 0) + held
        left -= held
    return [Ending(moment, found[moment]) for moment in sorted(found)]


def ending_at(account: PointsAccount, moment: datetime) -> int:
    """How many points end at this instant."""
    return sum(each.points for each in _endings(account) if each.at == moment)


def _account(subject_id: UUID) -> PointsAccount | None:
    return PointsAccount.objects.filter(subject_id=subject_id).first()


def movements(subject_id: UUID, kind: str = "") -> list[Movement]:
    """Every movement with its running sum, newest first; a kind that isn't one filters nothing."""
    account = _account(subject_id)
    if account is None:
        return []
    rows = Posting.objects.filter(account=account.account).select_related("entry")
    found = list(rows.order_by("entry__occurred_at", "entry_id"))
    numbers = dict(
        Payment.objects.filter(pk__in=[row.entry.reference for row in found]).values_list("pk", "number")
    )
    after, told = 0, []
    for row in found:
        after += row.amount_minor
        what, words = MOVEMENTS[row.entry.purpose.partition(":")[0]]
        number = numbers.get(row.entry.reference, "")
        told.append(Movement(row.entry.occurred_at, what, words, row.amount_minor, after, number))
    wanted = kind if kind in set(MovementKind) else ""
    return [each for each in reversed(told) if not wanted or each.kind == wanted]


def earned_by(reference: UUID) -> PointsLot | None:
    """The points of one order, once it is settled."""
    return PointsLot.objects.filter(reference=reference, kind=LotKind.EARNED).first()


def most(subject_id: UUID, whole: Money, *, at: datetime) -> Money:
    """What points could pay of `whole` now."""
    if whole.currency != CURRENCY:
        return Money.zero(whole.currency)
    return min(balance(subject_id, at=at), terms.share(whole, at))


def choose(*, subject_id: UUID, wanted: Money, parts: Sequence[Part], at: datetime) -> list[Tendered]:
    """How much of each of these orders `wanted` points pay: in proportion to the fen.

    :raises TenderSpent: when fewer are left
    """
    account = _account(subject_id)
    if account is None or wanted.currency != CURRENCY or balance(subject_id, at=at) < wanted:
        raise tenders.TenderSpent()
    wholes = [(part.reference, part.amount.minor) for part in parts]
    return tenders.allot([(account.account, wanted.minor)], wanted, wholes)


def owed(*, shops: bool = False) -> Money:
    """What the platform owes in points to all buyers, or to all shops, from the ledger's index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_minor), 0) FROM payments_pointsaccount a"
            " JOIN payments_posting p ON p.account = 'points:' || a.id"
            " WHERE p.currency = %s AND (a.merchant_id IS NOT NULL) = %s",
            [CURRENCY, shops],
        )
        (minor,) = cursor.fetchone()
    return Money(int(minor), CURRENCY)

"""Points that end together: what ends first is spent first, so lots and one balance say all there is.

Of a balance each lot holds what the lots that end later have no room for. Whoever touches an account ends
first what is over there, under its lock; a late sweep therefore changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.models import PointsAccount, PointsLot
from payments.points import terms
from payments.points_models import CURRENCY, LotKind

CLOCK, SHOP_CLOCK = "payments.points_expiry", "payments.shop_points_expiry"
PREFIX = "points:"


def account_id_of(account: str) -> UUID:
    """The row behind a ledger's account of points."""
    return UUID(account.removeprefix(PREFIX))


def make_ready(names: Iterable[str], *, at: datetime) -> None:
    """Lock the points among the accounts and end what is over `at`; always before any card is locked."""
    for name in sorted({each for each in names if each.startswith(PREFIX)}):
        end_due(account_id_of(name), at=at)


@transaction.atomic
def end_due(account_id: UUID, *, at: datetime) -> None:
    """Lock the account; what was left of the lots whose time is over goes to the platform."""
    held = ledger.locked_balance(accounts.points(account_id), CURRENCY).minor
    lots = list(PointsLot.objects.open_of(account_id))
    for place, lot in enumerate(lots):
        if lot.expires_at > at:
            return
        held -= _end(lot, held, lots[place + 1 :], purpose="points_expired", at=at)


@transaction.atomic
def end_all(account_id: UUID, *, at: datetime) -> None:
    """Nobody will spend them any more: all that is left goes to the platform, and no clock runs on."""
    held = ledger.locked_balance(accounts.points(account_id), CURRENCY).minor
    lots = list(PointsLot.objects.open_of(account_id).select_related("account"))
    for place, lot in enumerate(lots):
        booking.cancel(kind=clock_of(lot), reference=lot.pk, at=at)
        held -= _end(lot, held, lots[place + 1 :], purpose="points_given_up", at=at)


def _end(lot: PointsLot, held: int, later: Sequence[PointsLot], *, purpose: str, at: datetime) -> int:
    """End one lot of a locked account that holds `held`; gives how many points were left in it."""
    over = max(0, held - sum(each.room for each in later))
    if over:
        lines = ledger.move_money(lot.account.account, accounts.FEES, Money(over, CURRENCY))
        ledger.post(reference=lot.pk, purpose=purpose, lines=lines, actor=Actor.system(), at=at)
    lot.expired_minor, lot.ended_at = over, at
    lot.save(update_fields=["expired_minor", "ended_at"])
    return over


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The time of a lot is over; twice is once."""
    end_due(PointsLot.objects.get(pk=reference).account_id, at=at)


def take_from(lot: PointsLot, due: int, *, at: datetime) -> None:
    """Take `due` points back for a lot of a locked account, never more than is there."""
    account = lot.account.account
    taken = min(due, ledger.balance(account, CURRENCY).minor)
    if taken <= 0:
        return
    lines = ledger.move_money(account, accounts.FEES, Money(taken, CURRENCY))
    purpose = f"points_taken:{lot.taken_minor}"
    ledger.post(reference=lot.pk, purpose=purpose, lines=lines, actor=Actor.system(), at=at)
    lot.taken_minor += taken
    lot.ended_at = None if lot.room else at
    lot.save(update_fields=["taken_minor", "ended_at"])
    if lot.ended_at:
        booking.cancel(kind=clock_of(lot), reference=lot.pk, at=at)


def collect(account_id: UUID, *, at: datetime) -> None:
    """A locked account of a shop: what it owes back for revoked orders goes first, while there is some."""
    for lot in PointsLot.objects.open_of(account_id).filter(revoked_at__isnull=False):
        take_from(lot, lot.room, at=at)


def clock_of(lot: PointsLot) -> str:
    """Buyers and shops are told in other words before points end."""
    return SHOP_CLOCK if lot.account.merchant_id else CLOCK


def open_lot(lot: PointsLot, policy: str, *, at: datetime) -> PointsLot:
    """Write a fresh lot with the time that `policy` gives it, and start its clock."""
    window = terms.until(policy, since=at)
    lot.granted_at, lot.expires_at = at, window.due_at
    lot.save(force_insert=True)
    booking.book(kind=clock_of(lot), reference=lot.pk, at=at, **window.as_booking())
    return lot


def take_in(names: Iterable[str], *, at: datetime) -> None:
    """After points came back to a locked account: what no lot has room for gets a lot of its own."""
    for name in sorted({each for each in names if each.startswith(PREFIX)}):
        account_id = account_id_of(name)
        held = ledger.locked_balance(name, CURRENCY).minor
        more = held - sum(each.room for each in PointsLot.objects.open_of(account_id))
        if more > 0:
            account = PointsAccount.objects.get(pk=account_id)
            lot = PointsLot(account=account, kind=LotKind.BACK, amount_minor=more)
            open_lot(lot, terms.SHOP_BACK if account.merchant_id else terms.BACK, at=at)

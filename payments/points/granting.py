"""Points for what was paid: a liability from the day of the grant, smaller again when money goes back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.models import PointsAccount, PointsLot
from payments.points import lots, terms
from payments.points_models import CURRENCY, LotKind


@transaction.atomic
def grant(*, owner_id: UUID, reference: UUID, basis: Money, at: datetime) -> PointsLot | None:
    """Points for `basis`, the yuan that were paid for the order `reference` and stayed paid; once per order.

    None: so little earns nothing, and other currencies don't.
    """
    rate = terms.permille(at)
    amount = earned(basis, rate)
    if amount.minor <= 0:
        return None
    account, _new = PointsAccount.objects.get_or_create(subject_id=owner_id, defaults={"opened_at": at})
    lots.end_due(account.pk, at=at)
    # Behind the account's lock: a second grant of the same order waits for it.
    known = PointsLot.objects.filter(reference=reference, kind=LotKind.EARNED).first()
    if known is not None:
        return known
    lot = PointsLot(
        account=account,
        kind=LotKind.EARNED,
        reference=reference,
        basis_minor=basis.minor,
        permille=rate,
        amount_minor=amount.minor,
    )
    lots.open_lot(lot, terms.EXPIRY, at=at)
    lines = ledger.move_money(accounts.FEES, account.account, amount)
    ledger.post(reference=lot.pk, purpose="points", lines=lines, actor=Actor.system(), at=at)
    return lot


def earned(basis: Money, permille: int) -> Money:
    """In points, which are fen; rounded down, so that parts of an order never earn more than the whole."""
    return basis.permille(permille) if basis.currency == CURRENCY else Money.zero(CURRENCY)


@transaction.atomic
def follow(*, reference: UUID, basis: Money, at: datetime) -> None:
    """Of the order's money only `basis` stayed paid: what it doesn't earn any more is taken back.

    Never more than is there: what was spent meanwhile is asked of nobody in money. What has ended is over.
    """
    found = PointsLot.objects.filter(reference=reference, kind=LotKind.EARNED).first()
    if found is None:
        return
    lots.end_due(found.account_id, at=at)
    found.refresh_from_db(fields=["taken_minor", "ended_at"])
    assert found.permille is not None, "a constraint holds that an earned lot has its rate"
    lots.take_from(found, found.room - earned(basis, found.permille).minor, at=at)


@transaction.atomic
def forget(*, subject_id: UUID, at: datetime) -> None:
    """Somebody is erased: their points end with them, since nobody could spend them any more."""
    account = PointsAccount.objects.filter(subject_id=subject_id).first()
    if account is not None:
        lots.end_all(account.pk, at=at)

"""Points of a shop: for orders that ended well, a liability at once, owed back when money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger
from payments.models import PointsAccount, PointsLot
from payments.points import lots, redeeming, terms
from payments.points_models import CURRENCY, Ground, LotKind


@transaction.atomic
def reward(
    *, merchant_id: UUID, reference: UUID, fee: Money, grounds: Sequence[Ground], at: datetime
) -> PointsLot | None:
    """Points for the `fee` that the order `reference` brought the platform, at the rates of its grounds.

    What points paid of the fee earns none. Once per order. None: no ground, too little, another currency.
    """
    if fee.currency != CURRENCY:
        return None
    basis = fee - redeeming.relieved(reference)
    rate = sum(terms.shop_permille(ground, at) for ground in grounds)
    amount = basis.permille(rate)
    if amount.minor <= 0:
        return None
    account, _new = PointsAccount.objects.get_or_create(merchant_id=merchant_id, defaults={"opened_at": at})
    lots.end_due(account.pk, at=at)
    # Behind the account's lock: a second grant for the same order waits for it.
    known = PointsLot.objects.filter(reference=reference, kind=LotKind.REWARD).first()
    if known is not None:
        return known
    lot = PointsLot(
        account=account,
        kind=LotKind.REWARD,
        reference=reference,
        basis_minor=basis.minor,
        permille=rate,
        grounds=[str(ground) for ground in grounds],
        amount_minor=amount.minor,
    )
    lots.open_lot(lot, terms.SHOP_EXPIRY, at=at)
    lines = ledger.move_money(accounts.FEES, account.account, amount)
    ledger.post(reference=lot.pk, purpose="points", lines=lines, actor=Actor.system(), at=at)
    lots.collect(account.pk, at=at)
    return lot


@transaction.atomic
def revoke(*, reference: UUID, at: datetime) -> None:
    """Money of the order went back: it earned its shop nothing. Twice is once.

    What the shop spent of it meanwhile is taken from its next points, as long as these would have lasted.
    """
    found = PointsLot.objects.filter(reference=reference, kind=LotKind.REWARD).first()
    if found is None:
        return
    lots.end_due(found.account_id, at=at)
    found.refresh_from_db()
    if found.ended_at or found.revoked_at:
        return
    found.revoked_at = at
    found.save(update_fields=["revoked_at"])
    lots.collect(found.account_id, at=at)

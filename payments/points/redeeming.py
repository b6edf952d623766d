"""What a shop does with its points: the fees of its next settlements lowered, or a paid place in a list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.ids import new_id
from kernel.money import Money
from merchants.lifecycle import MerchantState
from merchants.models import Merchant
from payments import accounts, ledger
from payments.models import LedgerEntry, PointsAccount, Posting
from payments.points import lots
from payments.points_models import CURRENCY
from web import tenancy

# The same words as for a place that money paid: one booking is paid once, by either.
PLACED, PLACED_BACK = "placement", "placement:back"
REDEEMED, RELIEVED = "points_redeemed", "fee_relief"


class NotEnoughPoints(DomainError):
    code = "not_enough_points"
    message = N_("Your shop has %(left)s points to use. Choose at most so many.")


class NoPoints(Invalid):
    code = "no_points"
    message = N_("Enter how many points, at least one.")


class ShopLimited(DomainError):
    code = "points_shop_limited"
    message = N_("Points are used only by a shop that trades without limits. Nothing was taken.")


@tenancy.widened()
@transaction.atomic
def redeem(*, merchant_id: UUID, points: int, actor: Actor, at: datetime) -> LedgerEntry:
    """Turn points into relief: the next settlements' fees are lowered by it until it is used up.

    :raises NoPoints: :raises ShopLimited: :raises NotEnoughPoints:
    """
    if points <= 0:
        raise NoPoints(field="points")
    _refuse_limited(merchant_id)
    source = _with_enough(merchant_id, Money(points, CURRENCY), at=at)
    lines = ledger.move_money(source, accounts.relief(merchant_id), Money(points, CURRENCY))
    return ledger.post(reference=new_id(), purpose=REDEEMED, lines=lines, actor=actor, at=at)


@tenancy.widened()
@transaction.atomic
def relieve(*, merchant_id: UUID, reference: UUID, fee: Money, at: datetime) -> Money:
    """The order `reference` was settled and its fee taken: relief gives the shop back what it can of it.

    Gives how much that was. Once per order; fees in other currencies are paid in full.
    """
    relief, none = accounts.relief(merchant_id), Money.zero(fee.currency)
    # Nearly no shop has any: only those that do wait for one another.
    if fee.currency != CURRENCY or not ledger.balance(relief, CURRENCY):
        return none
    amount = min(fee, ledger.locked_balance(relief, CURRENCY))
    if amount.minor <= 0:
        return none
    lines = ledger.move_money(relief, accounts.available(merchant_id), amount)
    ledger.post(reference=reference, purpose=RELIEVED, lines=lines, actor=Actor.system(), at=at)
    return amount


def relieved(reference: UUID) -> Money:
    """What of this order's fee points paid."""
    rows = Posting.objects.filter(
        entry__reference=reference, entry__purpose=RELIEVED, account__endswith=":relief"
    )
    return Money(-int(rows.aggregate(minor=Sum("amount_minor"))["minor"] or 0), CURRENCY)


@tenancy.widened()
@transaction.atomic
def pay_place(*, merchant_id: UUID, reference: UUID, amount: Money, actor: Actor, at: datetime) -> None:
    """A paid place in a list, with points in place of money.

    :raises ShopLimited: :raises NotEnoughPoints:
    """
    _refuse_limited(merchant_id)
    source = _with_enough(merchant_id, amount, at=at)
    lines = ledger.move_money(source, accounts.FEES, amount)
    ledger.post(reference=reference, purpose=PLACED, lines=lines, actor=actor, at=at)


@tenancy.widened()
@transaction.atomic
def give_place_back(*, merchant_id: UUID, reference: UUID, amount: Money, actor: Actor, at: datetime) -> None:
    """The points of days that never came, with time again where their own is over; once for each booking."""
    account = PointsAccount.objects.get(merchant_id=merchant_id)
    lots.end_due(account.pk, at=at)
    lines = ledger.move_money(accounts.FEES, account.account, amount)
    ledger.post(reference=reference, purpose=PLACED_BACK, lines=lines, actor=actor, at=at)
    lots.take_in([account.account], at=at)
    lots.collect(account.pk, at=at)


def _with_enough(merchant_id: UUID, amount: Money, *, at: datetime) -> str:
    """The shop's locked account of points, without what is over."""
    account = PointsAccount.objects.filter(merchant_id=merchant_id).first()
    if account is None or amount.currency != CURRENCY:
        raise NotEnoughPoints(left=0)
    lots.end_due(account.pk, at=at)
    left = ledger.balance(account.account, CURRENCY)
    if left < amount:
        raise NotEnoughPoints(left=left.minor)
    return account.account


def _refuse_limited(merchant_id: UUID) -> None:
    merchant = Merchant.objects.get(pk=merchant_id)
    if merchant.state != MerchantState.TRADING or merchant.hidden:
        raise ShopLimited()

"""Paying merchants: from what they may have to their bank, thin until payouts run on a schedule."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.ids import new_id
from kernel.money import Money
from merchants import membership
from payments import accounts, ledger
from payments.lifecycle import PAYOUT
from payments.models import Payout
from payments.moves import move
from privacy import restored


class PayoutsFrozen(DomainError):
    code = "payouts_frozen"
    message = N_(
        "Nothing is paid out just now: this system was restored from a backup"
        " and its books are being compared. Your money is safe; try again later."
    )


class PayoutHeld(DomainError):
    code = "payout_held"
    message = N_(
        "The account of somebody who may move this shop's money is frozen after a theft."
        " Payouts wait until it is back with its owner; nothing is lost."
    )


@transaction.atomic
def request(
    *,
    merchant_id: UUID,
    amount: Money,
    provider: str,
    actor: Actor,
    at: datetime,
    payout_id: UUID | None = None,
) -> Payout:
    """Take `amount` off the merchant's available balance and order its payout through `provider`.

    By hand `payout_id` is the key of the joint act: the ledger refuses a payout of one member of staff alone.

    :raises NotEnoughMoney: when less is available
    :raises PayoutsFrozen: after a restore, until the books were compared
    :raises PayoutHeld: while somebody else may sit in the account of an owner
    """
    if restored.payouts_frozen():
        raise PayoutsFrozen()
    if membership.in_other_hands(merchant_id):
        raise PayoutHeld()
    ledger.require(accounts.available(merchant_id), amount)
    payout = Payout.objects.create(
        pk=payout_id or new_id(),
        merchant_id=merchant_id,
        provider=provider,
        amount_minor=amount.minor,
        currency=amount.currency,
        requested_at=at,
    )
    lines = ledger.move_money(accounts.available(merchant_id), accounts.provider(provider), amount)
    ledger.post(reference=payout.pk, purpose="payout", lines=lines, actor=actor, at=at)
    return payout


@transaction.atomic
def confirm(*, payout_id: UUID, actor: Actor, at: datetime) -> Payout:
    """The bank has it.

    :raises IllegalMove: when it ended before
    """
    payout = Payout.objects.locked(payout_id)
    move(payout, PAYOUT, "pay", actor=actor, at=at, settled_at=at)
    return payout


@transaction.atomic
def give_up(*, payout_id: UUID, actor: Actor, at: datetime) -> Payout:
    """The bank sent it back: the merchant has it available again.

    :raises IllegalMove: when it ended before
    """
    payout = Payout.objects.locked(payout_id)
    move(payout, PAYOUT, "fail", actor=actor, at=at, settled_at=at)
    back = ledger.move_money(
        accounts.provider(payout.provider), accounts.available(payout.merchant_id), payout.amount
    )
    ledger.post(reference=payout.pk, purpose="payout_failed", lines=back, actor=actor, at=at)
    return payout

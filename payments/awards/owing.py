"""A compensation from its cause to its money: written once per fact, then gathered from the shop."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from law.compensation import Compensation
from outbox import bus
from payments import accounts, payers
from payments.awards import sending
from payments.events import AwardOwed
from payments.lifecycle import AWARD, AwardCause, AwardState
from payments.models import Award
from payments.moves import move
from web import tenancy

PURPOSE = "award"


@tenancy.widened()
@transaction.atomic
def owe(
    *,
    order_id: UUID,
    merchant_id: UUID,
    subject_id: UUID,
    cause: AwardCause,
    cause_id: UUID,
    reckoned: Compensation,
    waits: bool,
    actor: Actor,
    at: datetime,
) -> Award | None:
    """Write down what `reckoned` gives, once per (cause, cause_id), and pay it unless it `waits`.

    None: nothing is owed. The same again gives the award that is there.
    """
    if not reckoned.extra:
        return None
    award, made = Award.objects.get_or_create(
        cause=cause,
        cause_id=cause_id,
        defaults={
            "order_id": order_id,
            "merchant_id": merchant_id,
            "subject_id": subject_id,
            "owed_at": at,
            **_columns(reckoned),
        },
    )
    if made:
        told = (award.pk, order_id, merchant_id, subject_id, str(cause), award.amount_minor, award.currency)
        bus.publish(AwardOwed(*told), at=at)
        if not waits:
            gather(award_id=award.pk, actor=actor, at=at)
    return award


def _columns(reckoned: Compensation) -> dict[str, Any]:
    return {
        "rule_id": reckoned.rule_id,
        "base_minor": reckoned.base.minor,
        "permille": reckoned.permille,
        "floor_minor": reckoned.floor.minor,
        "most_minor": reckoned.most.minor if reckoned.most else None,
        "loss_minor": reckoned.loss.minor,
        "loss_multiple": reckoned.loss_multiple,
        "amount_minor": reckoned.extra.minor,
        "currency": reckoned.extra.currency,
    }


@tenancy.widened()
@transaction.atomic
def gather(*, award_id: UUID, actor: Actor, at: datetime) -> bool:
    """Bring its money together: the shop's balance, reserve and deposit, then the fund; then let it leave.

    False: that was done before.
    """
    award = Award.objects.locked(award_id)
    if not AWARD.allows(award.state, "fund"):
        return False
    given = payers.gather(
        reference=award.pk,
        merchant_id=award.merchant_id,
        wanted=award.amount,
        into=accounts.award(award.pk),
        purpose=PURPOSE,
        actor=actor,
        at=at,
    )
    move(
        award,
        AWARD,
        "fund",
        actor=actor,
        at=at,
        funded_at=at,
        balance_minor=given.balance.minor,
        reserve_minor=given.reserve.minor,
        deposit_minor=given.deposit.minor,
        fund_minor=given.fund.minor,
    )
    sending.send(award, actor=actor, at=at)
    return True


def gather_waiting(order_id: UUID, *, at: datetime) -> None:
    """The dispute over the order's money has ended: what was owed meanwhile is paid."""
    for award in Award.objects.of_order(order_id).filter(state=AwardState.OWED):
        gather(award_id=award.pk, actor=Actor.system(), at=at)

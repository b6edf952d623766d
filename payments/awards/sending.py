"""The way of a gathered compensation: off its account at once, then through a provider, step by step."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.ids import new_id
from outbox import bus
from payments import accounts, ledger, owed
from payments.events import AwardCameBack, AwardPaid
from payments.gateways import registry
from payments.lifecycle import AWARD, PaymentState
from payments.models import Award, Charge
from payments.moves import move
from privacy import restored


def charge_of(award: Award) -> Charge | None:
    """The charge whose payer gets it, where its provider can pay more than it took."""
    charge = (
        Charge.objects.filter(
            payment__parts__reference=award.order_id, payment__state=PaymentState.CAPTURED, extra=False
        )
        .order_by("taken_at", "pk")
        .first()
    )
    paymaster = registry.PAYMASTERS.get(charge.provider) if charge else None
    return charge if paymaster is not None and paymaster.repays_payers else None


def send(award: Award, *, actor: Actor, at: datetime) -> bool:
    """Order the transfer of a locked, gathered award. False: it waits for a way, or for compared books."""
    charge = charge_of(award)
    if charge is None or restored.payouts_frozen():
        return False
    ledger.require(accounts.award(award.pk), award.amount)
    move(
        award,
        AWARD,
        "request",
        actor=actor,
        at=at,
        provider=charge.provider,
        transfer_id=new_id(),
        tries=award.tries + 1,
        reason="",
        sent_at=at,
    )
    ledger.post(
        reference=award.pk,
        purpose=f"award_sent:{award.tries}",
        lines=ledger.move_money(accounts.award(award.pk), accounts.provider(award.provider), award.amount),
        actor=actor,
        at=at,
    )
    owed.award(award, due_at=at)
    return True


def send_waiting(*, at: datetime, limit: int = 50) -> int:
    """Those that had no way when they were gathered, and have one now; gives how many left."""
    sent = 0
    for award_id in Award.objects.to_send().values_list("pk", flat=True)[:limit]:
        with transaction.atomic():
            award = Award.objects.locked(award_id)
            if AWARD.allows(award.state, "request"):
                sent += send(award, actor=Actor.system(), at=at)
    return sent


@transaction.atomic
def mark_sent(*, award_id: UUID, actor: Actor, at: datetime) -> Award:
    """The provider took the order; its word on the money may have come before, then nothing changes."""
    award = Award.objects.locked(award_id)
    if AWARD.allows(award.state, "send"):
        move(award, AWARD, "send", actor=actor, at=at)
    return award


@transaction.atomic
def confirm(*, award_id: UUID, actor: Actor, at: datetime) -> bool:
    """The buyer has it. False: it had ended before, and nothing changes."""
    award = Award.objects.locked(award_id)
    if not AWARD.allows(award.state, "pay"):
        return False
    move(award, AWARD, "pay", actor=actor, at=at, settled_at=at)
    _forget_looks(award)
    bus.publish(AwardPaid(*_facts(award)), at=at)
    return True


@transaction.atomic
def give_up(*, award_id: UUID, actor: Actor, at: datetime, reason: str = "") -> bool:
    """It couldn't be paid, or came back: it waits on its account again. False: it had failed before.

    `reason` is the provider's own code.
    """
    award = Award.objects.locked(award_id)
    if not AWARD.allows(award.state, "fail"):
        return False
    move(award, AWARD, "fail", actor=actor, at=at, settled_at=None, reason=(reason or "unknown")[:60])
    _forget_looks(award)
    ledger.post(
        reference=award.pk,
        purpose=f"award_back:{award.tries}",
        lines=ledger.move_money(accounts.provider(award.provider), accounts.award(award.pk), award.amount),
        actor=actor,
        at=at,
    )
    bus.publish(AwardCameBack(*_facts(award), reason=award.reason), at=at)
    return True


def _forget_looks(award: Award) -> None:
    if award.transfer_id is not None:
        owed.forget_looks(award.transfer_id, "ask_award")


def _facts(award: Award) -> tuple[UUID, UUID, UUID, UUID, str, int, str]:
    return (
        award.pk,
        award.order_id,
        award.merchant_id,
        award.subject_id,
        award.cause,
        award.amount_minor,
        award.currency,
    )

"""The life of a payout that leaves: off the shop's balance at once, then through a provider, step by step."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from outbox import bus
from payments import accounts, ledger, owed
from payments.events import PayoutFailed, PayoutPaid
from payments.lifecycle import PAYOUT, PayoutKind, PayoutState
from payments.models import Payout, PayoutRun
from payments.moves import move
from payments.paying_out import holds
from payments.paying_out.holds import REASONS, Judged
from privacy import restored
from web import tenancy


class PayoutsFrozen(DomainError):
    code = "payouts_frozen"
    message = N_(
        "Nothing is paid out just now: this system was restored from a backup"
        " and its books are being compared. Your money is safe; try again later."
    )


def require_thawed() -> None:
    """:raises PayoutsFrozen: after a restore, until the books were compared"""
    if restored.payouts_frozen():
        raise PayoutsFrozen()


@tenancy.widened()
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
    :raises PayoutWaits: when something must come first; the class says what
    """
    require_thawed()
    Merchant.objects.locked(merchant_id)
    judged = holds.judge(merchant_id, amount, at=at, again=True, by=provider)
    if judged.hold is not None:
        raise REASONS[judged.hold]()
    return leave(
        Payout(
            pk=payout_id or new_id(),
            merchant_id=merchant_id,
            kind=PayoutKind.BY_HAND,
            amount_minor=amount.minor,
            currency=amount.currency,
            act_id=payout_id,
        ),
        judged,
        run=None,
        actor=actor,
        at=at,
    )


def leave(payout: Payout, judged: Judged, *, run: PayoutRun | None, actor: Actor, at: datetime) -> Payout:
    """Send a new or a held payout on its way, as it was judged; its shop is locked by the caller.

    :raises NotEnoughMoney: when less is available
    """
    ledger.require(accounts.available(payout.merchant_id), payout.amount)
    facts = {
        "account": judged.account,
        "provider": judged.provider,
        "run": run or payout.run,
        "requested_at": at,
        "hold": "",
        "held_until": None,
    }
    if payout.state == PayoutState.HELD:
        now = {"amount_minor": payout.amount_minor, "second_person": payout.second_person}
        move(payout, PAYOUT, "request", actor=actor, at=at, act_id=payout.act_id, **now, **facts)
    else:
        for name, value in facts.items():
            setattr(payout, name, value)
        payout.save(force_insert=True)
    lines = ledger.move_money(
        accounts.available(payout.merchant_id), accounts.provider(payout.provider), payout.amount
    )
    ledger.post(reference=payout.pk, purpose="payout", lines=lines, actor=actor, at=at)
    owed.payout(payout, due_at=at)
    return payout


@transaction.atomic
def mark_sent(*, payout_id: UUID, actor: Actor, at: datetime) -> Payout:
    """The provider took the order; its word on the money may have come before, then nothing changes."""
    payout = Payout.objects.locked(payout_id)
    if PAYOUT.allows(payout.state, "send"):
        move(payout, PAYOUT, "send", actor=actor, at=at)
    return payout


@transaction.atomic
def confirm(*, payout_id: UUID, actor: Actor, at: datetime) -> bool:
    """The shop's account has it. False: it had ended before, and nothing changes."""
    payout = Payout.objects.locked(payout_id)
    if not PAYOUT.allows(payout.state, "pay"):
        return False
    move(payout, PAYOUT, "pay", actor=actor, at=at, settled_at=at)
    owed.forget_looks(payout.pk, "ask_payout")
    bus.publish(PayoutPaid(payout.pk, payout.merchant_id, payout.amount_minor, payout.currency), at=at)
    return True


@transaction.atomic
def give_up(*, payout_id: UUID, actor: Actor, at: datetime, reason: str = "") -> bool:
    """It can't be paid, or came back: the merchant has it available again. False: it had failed before.

    `reason` is the provider's own code.
    """
    payout = Payout.objects.locked(payout_id)
    if not PAYOUT.allows(payout.state, "fail"):
        return False
    move(payout, PAYOUT, "fail", actor=actor, at=at, settled_at=at, reason=(reason or "unknown")[:60])
    owed.forget_looks(payout.pk, "ask_payout")
    back = ledger.move_money(
        accounts.provider(payout.provider), accounts.available(payout.merchant_id), payout.amount
    )
    ledger.post(reference=payout.pk, purpose="payout_failed", lines=back, actor=actor, at=at)
    told = PayoutFailed(
        payout.pk, payout.merchant_id, payout.amount_minor, payout.currency, reason=payout.reason
    )
    bus.publish(told, at=at)
    return True

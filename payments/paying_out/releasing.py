"""What staff do about payouts that wait: a large one takes two people, an account is compared by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts.joint_acts import Signed, Step
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants import changing_account, parties, payout_accounts
from merchants.models import Merchant, PayoutAccount
from payments.lifecycle import PayoutState
from payments.models import Payout
from payments.paying_out import holds, sending
from payments.paying_out.holds import REASONS, Hold, NoAccount

COMPARE = "payments.confirm_account"


class PayoutMovedOn(DomainError):
    code = "payout_moved_on"
    message = N_("This payout doesn't wait for you any more; reload the page to see where it stands.")


@dataclass(frozen=True, slots=True)
class ReleasePayout(Step):
    """Let a payout go whose sum is so large that two people look at it."""

    kind: ClassVar[str] = "payments.release_payout"
    permission: ClassVar[str] = "payments.release_payout"
    words: ClassVar[str] = N_("Let a large payout go")

    payout_id: UUID
    merchant_id: UUID
    amount_minor: int
    currency: str


def step_for(payout: Payout) -> ReleasePayout:
    """The step that lets exactly this sum go. :raises PayoutMovedOn: when it waits for something else"""
    if (payout.state, payout.hold) != (PayoutState.HELD, Hold.LARGE):
        raise PayoutMovedOn()
    return ReleasePayout(payout.pk, payout.merchant_id, payout.amount_minor, payout.currency)


@transaction.atomic
def release(step: ReleasePayout, signed: Signed, at: datetime) -> Payout:
    """Everything else that holds payouts up still does.

    :raises PayoutMovedOn, PayoutWaits, PayoutsFrozen, PartyMayNotAct, NotEnoughMoney: nothing moves then
    """
    for person in (signed.proposed_by, signed.confirmed_by):
        parties.refuse_party(merchant_id=step.merchant_id, actor=Actor.staff(person))
    sending.require_thawed()
    Merchant.objects.locked(step.merchant_id)
    payout = Payout.objects.locked(step.payout_id)
    if step_for(payout) != step:
        raise PayoutMovedOn()
    judged = holds.judge(payout.merchant_id, payout.amount, at=at, again=True)
    if judged.hold is not None:
        raise REASONS[judged.hold]()
    payout.act_id = signed.act_id
    return sending.leave(payout, judged, run=None, actor=signed.actor, at=at)


@transaction.atomic
def compare_account(*, payout_id: UUID, actor: Actor, at: datetime) -> PayoutAccount:
    """Staff have compared the account with the shop's papers: it is the shop's own.

    :raises NotFound: :raises PartyMayNotAct: :raises NoAccount: :raises PayoutMovedOn: it was changed since
    """
    payout = Payout.objects.locked(payout_id)
    parties.refuse_party(merchant_id=payout.merchant_id, actor=actor)
    account = payout_accounts.current(payout.merchant_id)
    if account is None:
        raise NoAccount()
    if payout.account_id != account.pk:
        raise PayoutMovedOn()
    return changing_account.confirm(account_id=account.pk, actor=actor, at=at)

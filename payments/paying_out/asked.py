"""A shop wants its money between the runs, or a payout that came back tried once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from merchants.models import Merchant
from payments import accounts, ledger
from payments.lifecycle import PayoutKind, PayoutState
from payments.models import Payout
from payments.paying_out import holds, runs, sending, turns
from payments.paying_out.holds import REASONS, Hold
from web import tenancy


class NotByGrade(DomainError):
    code = "payout_not_by_grade"
    message = N_("At this shop's grade money is paid on its own days only. The next one stands on the page.")


class OncePerDay(DomainError):
    code = "payout_once_per_day"
    message = N_("The shop has had a payout today that it asked for. The next is possible tomorrow.")


class TooLittle(DomainError):
    code = "payout_too_little"
    message = N_("There is too little for a payout: it begins at %(least)s.")


@tenancy.widened()
@transaction.atomic
def pay_now(*, merchant_id: UUID, currency: str, actor: Actor, at: datetime) -> Payout:
    """Pay all that is available now; what came back before is tried once more at any grade.

    :raises NotByGrade, OncePerDay, TooLittle, PayoutsFrozen, PayoutWaits: nothing moves then
    """
    sending.require_thawed()
    merchant = Merchant.objects.locked(merchant_id)
    refuse(merchant, currency, at=at)
    amount = ledger.locked_balance(accounts.available(merchant_id), currency)
    judged = holds.judge(merchant_id, amount, at=at, again=True)
    if judged.hold is not None:
        raise REASONS[judged.hold]()
    made = runs.pay(merchant_id=merchant_id, currency=currency, kind=PayoutKind.ASKED, actor=actor, at=at)
    if made is None:
        raise TooLittle(least=holds.least(currency, at=at))
    return made


def refuse(merchant: Merchant, currency: str, *, at: datetime) -> None:
    """:raises NotByGrade, OncePerDay, TooLittle: what speaks against asking, apart from the account"""
    least: Money = holds.least(currency, at=at)
    came_back = holds.judge(merchant.pk, least, at=at).hold == Hold.SENT_BACK
    if not turns.may_ask(merchant.grade, at=at) and not came_back:
        raise NotByGrade()
    since = turns.begins(turns.day_of(at), at=at).replace(hour=0)
    asked = Payout.objects.of_shop(merchant.pk).filter(currency=currency, kind=PayoutKind.ASKED)
    if asked.exclude(state=PayoutState.DROPPED).filter(requested_at__gte=since).exists():
        raise OncePerDay()
    if ledger.balance(accounts.available(merchant.pk), currency) < least:
        raise TooLittle(least=least)

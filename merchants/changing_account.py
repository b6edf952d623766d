"""A shop names another account for its money: asked about at once, told to every owner, used only later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import checking, numbers, payout_accounts, telling
from merchants.application_tasks import ACCOUNT_UNFIT, NOT_THE_NAME, same_name
from merchants.membership import in_other_hands
from merchants.models import Merchant, PayoutAccount
from merchants.payout_channels import PayoutChannel
from merchants.registers import Result
from web import tenancy

# What each way of being paid calls an account: digits of a bank, a login, an openid, a connected account.
FORMS = {
    PayoutChannel.BANK: re.compile(r"\d{8,32}"),
    PayoutChannel.ALIPAY: re.compile(r"1\d{10}|2088\d{12}|[^@\s]{1,60}@[^@\s]{1,60}"),
    PayoutChannel.WECHATPAY: re.compile(r"[0-9A-Za-z_-]{20,40}"),
    PayoutChannel.STRIPE: re.compile(r"acct_[0-9A-Za-z]{8,40}"),
}
_OF_ANOTHER = frozenset({Result.NOT_MATCHED, Result.UNKNOWN, Result.ENDED})


class AccountUnfit(Invalid):
    code = "payout_account_unfit"
    message = ACCOUNT_UNFIT


class AccountOfAnother(Invalid):
    code = "payout_account_of_another"
    message = NOT_THE_NAME


class AccountNotConfirmed(Invalid):
    code = "payout_account_not_confirmed"
    message = N_(
        "The bank doesn't know this account under the shop's name. Check holder and number;"
        " nothing was changed."
    )


class AccountFrozen(DomainError):
    code = "payout_account_frozen"
    message = N_(
        "The account of somebody who may move this shop's money is frozen after a theft."
        " Where the money goes can be changed when it is back with its owner."
    )


@tenancy.widened()
@transaction.atomic
def change(
    *, merchant_id: UUID, answers: Mapping[str, str], path: str, actor: Actor, at: datetime
) -> PayoutAccount:
    """Pay the shop into another account from now on, after the policy's hours; `path` is the money page.

    The same account again changes nothing. Where nobody can be asked, staff confirm it by hand first.

    :raises AccountUnfit, AccountOfAnother, AccountNotConfirmed, AccountFrozen, NotFound: nothing changes then
    """
    merchant = Merchant.objects.locked(merchant_id)
    if in_other_hands(merchant_id):
        raise AccountFrozen()
    _require(merchant, answers)
    before = payout_accounts.current(merchant_id)
    made = payout_accounts.record_account(merchant, answers, at=at)
    if before is not None and made.pk == before.pk:
        return made
    said = checking.ask_about_account(merchant_id=merchant_id, at=at)
    if said is not None and said.result in _OF_ANOTHER:
        raise AccountNotConfirmed(field="number")
    telling.owners(
        merchant,
        "merchants.payout_account_changed",
        reference=made.pk,
        at=at,
        path=path,
        bank=made.bank,
        until=made.usable_from,
    )
    made.refresh_from_db(fields=["verified_at", "verified_by"])
    return made


@transaction.atomic
def confirm(*, account_id: UUID, actor: Actor, at: datetime) -> PayoutAccount:
    """Staff have compared papers and account by hand: it is the shop's own.

    :raises NotFound: also when another account has taken its place
    """
    account = PayoutAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if account is None or account.ended_at is not None:
        raise NotFound()
    payout_accounts.mark_verified(account, actor=actor, at=at)
    return account


def _require(merchant: Merchant, answers: Mapping[str, str]) -> None:
    channel = PayoutChannel(answers["channel"])
    given = answers["number"].strip()
    number = numbers.normal(given) if channel is PayoutChannel.BANK else given
    if not FORMS[channel].fullmatch(number):
        raise AccountUnfit(field="number")
    if not same_name(answers["holder"], merchant.legal_name):
        raise AccountOfAnother(field="holder")

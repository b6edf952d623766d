"""What must come first before a shop's money leaves; each reason says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.errors import N_, DomainError
from kernel.money import Money
from merchants import membership, payout_accounts
from merchants.models import PayoutAccount
from merchants.payout_channels import PayoutChannel
from payments import accounts, ledger
from payments.gateways import registry
from payments.lifecycle import PayoutState
from payments.models import Payout
from rulebook import policies

RULE = "payout.run"


class Hold(StrEnum):
    """`sent_back`: the last payout to the same account came back."""

    NO_ACCOUNT = "no_account"
    UNCONFIRMED = "unconfirmed"
    NEW_ACCOUNT = "new_account"
    OWNER_FROZEN = "owner_frozen"
    SENT_BACK = "sent_back"
    NO_WAY = "no_way"
    LARGE = "large"


class PayoutWaits(DomainError):
    """Base of the refusals below: nothing has moved."""

    code = "payout_waits"
    message = N_("This payout has to wait.")


class NoAccount(PayoutWaits):
    code = "payout_no_account"
    message = N_("The shop has no account for its money. Enter one on the money page.")


class Unconfirmed(PayoutWaits):
    code = "payout_unconfirmed"
    message = N_("Nobody has confirmed yet that the account is the shop's own. We compare it by hand.")


class NewAccount(PayoutWaits):
    code = "payout_new_account"
    message = N_(
        "The account was changed a short while ago. Nothing is paid there before its time is over, so that a"
        " thief gains nothing by a change."
    )


class PayoutHeld(PayoutWaits):
    code = "payout_held"
    message = N_(
        "The account of somebody who may move this shop's money is frozen after a theft."
        " Payouts wait until it is back with its owner; nothing is lost."
    )


class SentBack(PayoutWaits):
    code = "payout_sent_back"
    message = N_(
        "The last payout to this account came back. Enter another account, or check this one and try again."
    )


class NoWay(PayoutWaits):
    code = "payout_no_way"
    message = N_(
        "No provider here can pay into this kind of account in this currency. Enter a bank account instead."
    )


class Large(PayoutWaits):
    code = "payout_large"
    message = N_("The sum is so large that a second person at the platform looks at it first.")


REASONS: dict[Hold, type[PayoutWaits]] = {
    Hold.NO_ACCOUNT: NoAccount,
    Hold.UNCONFIRMED: Unconfirmed,
    Hold.NEW_ACCOUNT: NewAccount,
    Hold.OWNER_FROZEN: PayoutHeld,
    Hold.SENT_BACK: SentBack,
    Hold.NO_WAY: NoWay,
    Hold.LARGE: Large,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """`hold` None: it may leave, to `account` through `provider`; `until`: when the hold ends by itself."""

    hold: Hold | None
    account: PayoutAccount | None = None
    provider: str = ""
    until: datetime | None = None


def judge(merchant_id: UUID, amount: Money, *, at: datetime, again: bool = False, by: str = "") -> Judged:
    """Whether `amount` may leave; `again`: somebody wants it tried once more; `by`: only through that one."""
    account = payout_accounts.current(merchant_id)
    if account is None:
        return Judged(Hold.NO_ACCOUNT)
    if membership.in_other_hands(merchant_id):
        return Judged(Hold.OWNER_FROZEN, account)
    if account.verified_at is None:
        return Judged(Hold.UNCONFIRMED, account)
    if at < account.usable_from:
        return Judged(Hold.NEW_ACCOUNT, account, until=account.usable_from)
    if not again and _came_back(account, amount.currency):
        return Judged(Hold.SENT_BACK, account)
    provider = _way(PayoutChannel(account.channel), amount, by=by)
    return Judged(None, account, provider) if provider else Judged(Hold.NO_WAY, account)


def is_large(amount: Money, *, at: datetime) -> bool:
    """Whether a second person looks at it (policy, per currency)."""
    return amount.minor >= int(policies.value(RULE, at)["second_person_minor"][amount.currency])


def least(currency: str, *, at: datetime) -> Money:
    """Below this nothing is paid: the transfer would cost more than it brings."""
    return Money(int(policies.value(RULE, at)["least_minor"][currency]), currency)


def _came_back(account: PayoutAccount, currency: str) -> bool:
    ended = Payout.objects.of_shop(account.merchant_id).filter(currency=currency, account=account)
    last = (
        ended.filter(state__in=[PayoutState.PAID, PayoutState.FAILED]).order_by("-settled_at", "-id").first()
    )
    return last is not None and last.state == PayoutState.FAILED


def _way(channel: PayoutChannel, amount: Money, *, by: str) -> str:
    """The provider with the most of our money among those that can: most likely it covers the sum."""
    able = [one.name for one in registry.paying_out(channel, amount.currency) if by in ("", one.name)]
    found = ledger.balances(accounts.provider(name) for name in able)
    # Below zero by what came in through it and is still there.
    zero = Money.zero(amount.currency)
    able.sort(key=lambda name: found.get((accounts.provider(name), amount.currency), zero).minor)
    return able[0] if able else ""

"""Our calls about payouts: what is sent, and what an answer means. Only here is an account opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.actor import Actor
from merchants.payout_channels import PayoutChannel
from payments import owed, starting
from payments.gateways import registry
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold, payout_key
from payments.gateways.protocol import Answer, Request
from payments.lifecycle import PayoutState
from payments.models import Payout, ProviderCall
from payments.paying_out import sending
from privacy.opened import by_machine

State = ProviderCall.State
FIRST_LOOK = timedelta(minutes=10)
# Providers forget our key after a day (Stripe): from then on nothing is ordered again, only asked for.
ORDERED_AGAIN_FOR = timedelta(hours=20)
NEVER_ARRIVED = "never_arrived"


def request_of(call: ProviderCall, *, at: datetime) -> Request:
    """The order, or the question what became of it."""
    payout = _payout(call)
    paymaster, order = registry.paymaster(call.provider), order_of(payout)
    if call.kind == "payout" and not _only_asked(payout, at):
        return paymaster.order(order, at=at)
    return paymaster.ask(order, at=at)


def order_of(payout: Payout) -> PayoutOrder:
    """What the provider is told, unsealed for one call."""
    account = payout.account
    assert account is not None, "what has left has an account"
    with by_machine():
        return PayoutOrder(
            key=payout_key(payout.pk),
            amount=payout.amount,
            channel=PayoutChannel(account.channel),
            bank=account.bank,
            number=account.number or "",
            holder=account.holder or "",
            of_business=account.merchant.kind == "company",
            notice_url=starting.notice_url(payout.provider),
        )


def take_in(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[State, str]:
    """Do what the provider's answer proves; what proves nothing is asked again with the same key."""
    payout = _payout(call)
    paymaster = registry.paymaster(call.provider)
    ordered = call.kind == "payout" and not _only_asked(payout, at)
    if ordered:
        told = paymaster.read_order(answer, at=at)
    else:
        told = paymaster.read_asked(answer, order_of(payout), at=at)
    if told.state is PaidOut.UNKNOWN and call.kind == "payout" and not ordered:
        told = PayoutTold(PaidOut.FAILED, NEVER_ARRIVED)
    return _follow(call, payout, told, at=at), f"{told.state} {told.reason}"


def _follow(call: ProviderCall, payout: Payout, told: PayoutTold, *, at: datetime) -> State:
    actor = Actor.provider(call.provider)
    match told.state:
        case PaidOut.PAID:
            sending.confirm(payout_id=payout.pk, actor=actor, at=at)
            return State.ANSWERED
        case PaidOut.FAILED:
            sending.give_up(payout_id=payout.pk, actor=actor, at=at, reason=told.reason)
            return State.REFUSED if call.kind == "payout" else State.ANSWERED
        case PaidOut.ACCEPTED if call.kind == "payout":
            owed.payout_look(
                sending.mark_sent(payout_id=payout.pk, actor=actor, at=at), due_at=at + FIRST_LOOK
            )
            return State.ANSWERED
    # Ended meanwhile by another answer: nothing more to ask.
    over = payout.state in (PayoutState.PAID, PayoutState.FAILED)
    return State.ANSWERED if over and call.kind == "payout" else State.WAITING


def _payout(call: ProviderCall) -> Payout:
    return Payout.objects.select_related("account__merchant").get(pk=call.reference)


def _only_asked(payout: Payout, at: datetime) -> bool:
    return at >= payout.requested_at + ORDERED_AGAIN_FOR

"""Our calls about compensations: what is sent, and what an answer means. Named by their transfer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from merchants.payout_channels import PayoutChannel
from payments import owed, starting
from payments.awards import sending
from payments.gateways import registry
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold, payout_key
from payments.gateways.protocol import Answer, Request
from payments.lifecycle import AWARD_GONE, AwardState
from payments.models import Award, ProviderCall
from payments.paying_out.asking import FIRST_LOOK, NEVER_ARRIVED, ORDERED_AGAIN_FOR

State = ProviderCall.State


def request_of(call: ProviderCall, *, at: datetime) -> Request:
    """The order, or the question what became of it."""
    award = _award(call.reference)
    paymaster, order = registry.paymaster(call.provider), order_of(award)
    if call.kind == "award" and not _only_asked(award, at):
        return paymaster.order(order, at=at)
    return paymaster.ask(order, at=at)


def order_of(award: Award) -> PayoutOrder:
    """To whoever paid the order: the provider knows them, and nobody here needs to."""
    charge = sending.charge_of(award)
    assert award.transfer_id is not None and charge is not None, "what has left has a way"
    return PayoutOrder(
        key=payout_key(award.transfer_id),
        amount=award.amount,
        channel=PayoutChannel.BANK,
        bank="",
        number="",
        holder="",
        of_business=False,
        notice_url=starting.notice_url(award.provider),
        charge_id=charge.provider_charge_id,
    )


def take_in(call: ProviderCall, answer: Answer, *, at: datetime) -> tuple[State, str]:
    """Do what the provider's answer proves; what proves nothing is asked again with the same key."""
    award = _award(call.reference)
    paymaster = registry.paymaster(call.provider)
    ordered = call.kind == "award" and not _only_asked(award, at)
    if ordered:
        told = paymaster.read_order(answer, at=at)
    else:
        told = paymaster.read_asked(answer, order_of(award), at=at)
    if told.state is PaidOut.UNKNOWN and call.kind == "award" and not ordered:
        told = PayoutTold(PaidOut.FAILED, NEVER_ARRIVED)
    return _follow(call, award, told, at=at), f"{told.state} {told.reason}"


def _follow(call: ProviderCall, award: Award, told: PayoutTold, *, at: datetime) -> State:
    actor = Actor.provider(call.provider)
    match told.state:
        case PaidOut.PAID:
            sending.confirm(award_id=award.pk, actor=actor, at=at)
            return State.ANSWERED
        case PaidOut.FAILED:
            sending.give_up(award_id=award.pk, actor=actor, at=at, reason=told.reason)
            return State.REFUSED if call.kind == "award" else State.ANSWERED
        case PaidOut.ACCEPTED if call.kind == "award":
            sent = sending.mark_sent(award_id=award.pk, actor=actor, at=at)
            owed.award_look(sent, due_at=at + FIRST_LOOK)
            return State.ANSWERED
    over = award.state not in AWARD_GONE or award.state == AwardState.PAID
    return State.ANSWERED if over and call.kind == "award" else State.WAITING


def _award(transfer_id: UUID) -> Award:
    return Award.objects.get(transfer_id=transfer_id)


def _only_asked(award: Award, at: datetime) -> bool:
    return award.sent_at is not None and at >= award.sent_at + ORDERED_AGAIN_FOR

"""What an insurer's answer, or its silence, does: the money moves in the step that takes it in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from orders import cover_deadlines, dispute_wait, disputes, refunding
from orders.cover import moving
from orders.cover_events import CoverClaimAccepted, CoverClaimPaid, CoverClaimRefused
from orders.cover_states import CoverClaimState, Refusal
from orders.events import HoldLifted
from orders.models import CoverClaim, Order, OrderCover, OrderLine
from orders.states import HELD_STATES
from payments import covers, escrow

_BOUGHT_BACK = "cover"


@transaction.atomic
def accept(*, claim_id: UUID, transfer: str, at: datetime) -> CoverClaim:
    """The insurer pays: of the price at once, beside it as soon as `transfer` proves it. Twice is once.

    While the payer's bank disputes the order's charge the claim stays asked: nothing is paid twice.
    """
    claim, cover, order = _locked(claim_id)
    if claim.state == CoverClaimState.ASKED and not dispute_wait.is_waiting(order.pk):
        _accept(claim, cover, order, by_silence=False, at=at)
    if claim.state == CoverClaimState.ACCEPTED and (transfer or not claim.beside_minor):
        _pay(claim, cover, order, transfer=transfer, at=at)
    if claim.state == CoverClaimState.PAID and claim.told_at is None:
        claim.told_at = at
        claim.save(update_fields=["told_at"])
    return claim


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The insurer was silent: it pays. What is beside the price waits for its transfer, and staff see it."""
    claim, cover, order = _locked(reference)
    if claim.state != CoverClaimState.ASKED or dispute_wait.is_waiting(order.pk):
        return
    _accept(claim, cover, order, by_silence=True, at=at)
    if not claim.beside_minor:
        _pay(claim, cover, order, transfer="", at=at)


def catch_up(event: HoldLifted, *, at: datetime) -> None:
    """The bank's dispute is over: the insurer whose time ended meanwhile pays what is left to pay."""
    asked = CoverClaim.objects.filter(cover__order_id=event.order_id, state=CoverClaimState.ASKED)
    for claim_id in asked.order_by("pk").values_list("pk", flat=True):
        if disputes.has_fired(cover_deadlines.ANSWER, claim_id):
            on_answer_due(reference=claim_id, due_at=at, at=at)


@transaction.atomic
def refuse(*, claim_id: UUID, reason: Refusal, at: datetime) -> bool:
    """The insurer pays nothing and says why; False: its time was over, and it has paid."""
    claim, cover, order = _locked(claim_id)
    if claim.state != CoverClaimState.ASKED:
        return False
    cover_deadlines.end_answer(claim, at=at)
    fact = CoverClaimRefused(*moving.ids(cover, order), claim.pk, str(reason))
    moving.move_claim(claim, "refuse", order, at=at, fact=fact, refusal=str(reason), told_at=at)
    return True


def _locked(claim_id: UUID) -> tuple[CoverClaim, OrderCover, Order]:
    """The order first, as everywhere."""
    order_id = CoverClaim.objects.values_list("cover__order_id", flat=True).get(pk=claim_id)
    order = Order.objects.locked(order_id)
    claim = CoverClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    return claim, claim.cover, order


def _accept(claim: CoverClaim, cover: OrderCover, order: Order, *, by_silence: bool, at: datetime) -> None:
    """Written before the money moves, so that whoever follows a refund knows whose it is."""
    cover_deadlines.end_answer(claim, at=at)
    goods = _still_due(claim, cover, order)
    amount = goods.minor + claim.beside_minor
    fact = CoverClaimAccepted(*moving.ids(cover, order), claim.pk, amount, by_silence)
    moving.move_claim(
        claim, "accept", order, at=at, fact=fact, by_silence=by_silence, paid_goods_minor=goods.minor
    )
    if goods:
        _pay_goods(goods, claim, cover, order, at=at)
    if claim.beside_minor:
        covers.award(
            cover_id=cover.pk, insurer=cover.insurer, amount=claim.beside, actor=Actor.system(), at=at
        )


def _still_due(claim: CoverClaim, cover: OrderCover, order: Order) -> Money:
    """What has gone back meanwhile isn't paid twice."""
    line = OrderLine.objects.get(pk=cover.line_id)
    goods = min(Money(claim.goods_minor, cover.currency), line.left, order.left)
    return max(goods, Money.zero(cover.currency))


def _pay_goods(goods: Money, claim: CoverClaim, cover: OrderCover, order: Order, *, at: datetime) -> None:
    """The insurer puts the price into the order's escrow, and it goes back the way the buyer paid.

    What the shop was still to get for these pieces is its own now: the loss is the insurer's.
    """
    held = order.state in HELD_STATES
    covers.pay_into_order(
        order_id=order.pk,
        claim_id=claim.pk,
        insurer=cover.insurer,
        amount=goods,
        actor=Actor.system(),
        at=at,
    )
    refunding.refund_part(
        order_id=order.pk,
        amount=goods,
        purpose=f"{_BOUGHT_BACK}:{claim.pk}",
        actor=Actor.system(),
        at=at,
        line_id=cover.line_id,
    )
    if held:
        escrow.release(
            reference=order.pk,
            merchant_id=order.merchant_id,
            amount=goods,
            fee=Money.zero(cover.currency),
            purpose=f"cover_shop:{claim.pk}",
            actor=Actor.system(),
            at=at,
        )
    order.refresh_from_db(fields=["state", "refunded_minor"])


def _pay(claim: CoverClaim, cover: OrderCover, order: Order, *, transfer: str, at: datetime) -> None:
    """What is beside the price has arrived, as its transfer proves."""
    if claim.beside_minor:
        covers.deliver(
            cover_id=cover.pk, insurer=cover.insurer, amount=claim.beside, actor=Actor.system(), at=at
        )
    amount = claim.paid_goods_minor + claim.beside_minor
    fact = CoverClaimPaid(*moving.ids(cover, order), claim.pk, amount)
    moving.move_claim(claim, "pay", order, at=at, fact=fact, transfer=transfer)

"""A cover follows its order: paid with it, begun when its line is sent, given back if that never happens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from orders.cover import moving, telling
from orders.cover_events import CoverBegan, CoverGivenBack
from orders.cover_states import COVER, CoverState
from orders.models import Order, OrderCover
from orders.refunding import MOST_ATTEMPTS
from orders.states import ENDED_STATES, HELD_STATES, OrderState
from payments import covers, escrow, refunds
from payments.models import Refund

GIVEN_BACK = "cover_given_back"
# Neither paid for yet, nor over: an order that may still become one.
_PENDING = (CoverState.UNPAID, CoverState.WAITING, CoverState.LAPSED)


@transaction.atomic
def follow(*, order_id: UUID, at: datetime) -> None:
    """Bring the covers of an order to where its own state puts them; again and again is once."""
    if not OrderCover.objects.filter(order_id=order_id, state__in=_PENDING).exists():
        return
    order = Order.objects.locked(order_id)
    rows = OrderCover.objects.filter(order=order, state__in=_PENDING).select_related("line")
    for cover in rows.select_for_update(of=("self",), no_key=True).order_by("id"):
        _follow(cover, order, at=at)


def _follow(cover: OrderCover, order: Order, *, at: datetime) -> None:
    sent = cover.line.sent_quantity > 0
    if order.state in (*HELD_STATES, OrderState.SETTLED) and COVER.allows(cover.state, "pay"):
        moving.move(cover, "pay", order, at=at)
    if cover.state == CoverState.WAITING and sent:
        # A payer's bank may have taken the premium: then no risk begins unless it comes back.
        if escrow.balance(cover.pk) >= cover.premium:
            _begin(cover, order, at=at)
    elif not sent and (order.state in ENDED_STATES or not cover.line.to_send):
        _end(cover, order, at=at)


def _begin(cover: OrderCover, order: Order, *, at: datetime) -> None:
    covers.pass_premium(
        cover_id=cover.pk, insurer=cover.insurer, premium=cover.premium, actor=Actor.system(), at=at
    )
    fact = CoverBegan(*moving.ids(cover, order), cover.premium_minor)
    moving.move(cover, "begin", order, at=at, fact=fact, began_at=at)
    telling.owe(cover, at=at)


def _end(cover: OrderCover, order: Order, *, at: datetime) -> None:
    """The risk never began: what was paid for it goes back in full, the way it came."""
    if covers.is_captured(cover.pk):
        refunds.refund(
            reference=cover.pk, amount=cover.premium, purpose=GIVEN_BACK, actor=Actor.system(), at=at
        )
        fact = CoverGivenBack(*moving.ids(cover, order), cover.premium_minor)
        moving.move(cover, "give_back", order, at=at, fact=fact, ended_at=at)
    elif COVER.allows(cover.state, "lapse"):
        moving.move(cover, "lapse", order, at=at, ended_at=at)


def follow_payment(*, payment_id: UUID, at: datetime) -> None:
    """Money came for an order that may be over by now; its orders in the order of their keys."""
    for order_id in Order.objects.of_payment(payment_id).order_by("pk").values_list("pk", flat=True):
        follow(order_id=order_id, at=at)


@transaction.atomic
def try_again(*, cover_id: UUID, amount: Money, purpose: str, at: datetime) -> Refund | None:
    """The provider couldn't give a premium back: ask again a few times; None when staff must look.

    :raises NotFound: when it isn't a cover's
    """
    cause, _mark, attempt = purpose.partition("~")
    number = int(attempt or 1)
    if not OrderCover.objects.filter(pk=cover_id).exists():
        raise NotFound()
    if number >= MOST_ATTEMPTS:
        return None
    again = f"{cause}~{number + 1}"
    return refunds.refund(reference=cover_id, amount=amount, purpose=again, actor=Actor.system(), at=at)

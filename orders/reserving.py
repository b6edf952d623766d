"""Orders whose sum the payer's bank only reserves: set aside, followed, taken together or let go.

One payment covers a purchase and is taken once. So it waits until every shop that has to confirm has said
so, at the latest by its time; what needs no confirmation waits with it, and its buyer was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor
from orders import confirm_deadlines, deadlines
from orders.confirm_events import ConfirmationAsked, OrderReserved
from orders.events import OrderCancelled, OrderExpired
from orders.lifecycle import ORDER, OrderState, move
from orders.models import Order, OrderCover
from outbox import bus
from payments.authorising import taking
from web import tenancy

# What ends an order without its buyer: a shop's reason follows the first.
DECLINED, SILENCE = "declined_", "not_confirmed"


@transaction.atomic
def reserve(*, payment_id: UUID, actor: Actor, at: datetime) -> list[Order]:
    """The payer's bank has reserved the sum: the goods are set apart, and each shop's hours begin. Once."""
    orders = Order.objects.of_payment(payment_id).all_locked()
    waiting = [order for order in orders if ORDER.allows(order.state, "reserve")]
    # Facts may overtake each other: what was let go meanwhile ends with its time to pay.
    if not waiting or not taking.stands(payment_id=payment_id):
        return []
    deadlines.end_payment(waiting[0].purchase_id, at=at)
    try:
        with transaction.atomic():
            stock.commit(reference=waiting[0].purchase_id, at=at)
    except stock.ReservationGone:
        return _gone(waiting, payment_id, at=at)
    times = {each.pk: confirm_deadlines.start(each, at=at) for each in waiting if each.is_unconfirmed}
    # Others wait for them; without any it is taken at once.
    last = max(times.values(), default=at)
    for order in waiting:
        _reserve_one(order, times.get(order.pk), last, actor=actor, at=at)
    follow(orders, actor=actor, at=at)
    return waiting


def _reserve_one(
    order: Order, confirm_by: datetime | None, last: datetime, *, actor: Actor, at: datetime
) -> None:
    ids = (order.pk, order.merchant_id, order.subject_id)
    own = {"confirm_by": confirm_by} if confirm_by else {}
    fact = OrderReserved(*ids, order.total_minor, last)
    proof = {"total_minor": order.total_minor, "until": str(confirm_by or "")}
    move(order, "reserve", actor=actor, at=at, fact=fact, proof=proof, reserved_at=at, **own)
    if confirm_by:
        bus.publish(ConfirmationAsked(*ids, confirm_by, taken=False), at=at)


def _gone(waiting: Sequence[Order], payment_id: UUID, *, at: datetime) -> list[Order]:
    """The goods weren't held any more: nothing is taken."""
    for order in waiting:
        fact = OrderExpired(order.pk, order.merchant_id, order.subject_id)
        move(order, "expire", actor=Actor.system(), at=at, fact=fact)
    taking.let_go(payment_id=payment_id, actor=Actor.system(), at=at)
    return []


@transaction.atomic
@tenancy.widened()
def give_up(*, order_id: UUID, cause: str, actor: Actor, at: datetime) -> Order:
    """End a reserved order before anything is taken of it; the others of its purchase go on.

    It looks at all orders of the purchase, other shops' too, since one payment covers them.

    :raises BeingTaken: once the provider was asked for the money
    """
    orders = locked_with(order_id)
    order = next(each for each in orders if each.pk == order_id)
    if order.state != OrderState.RESERVED:
        raise taking.BeingTaken()
    let_go(order, orders, cause=cause, actor=actor, at=at)
    return order


def let_go(order: Order, orders: Sequence[Order], *, cause: str, actor: Actor, at: datetime) -> None:
    """End one of the locked `orders` of a purchase: its goods are free, and its part is never taken.

    :raises BeingTaken: once the provider was asked for the money
    """
    assert order.payment_id is not None
    taking.require_undecided(payment_id=order.payment_id)
    end(order, cause=cause, actor=actor, at=at)
    follow(orders, actor=actor, at=at)


def end(order: Order, *, cause: str, actor: Actor, at: datetime) -> None:
    """Nothing was taken for a reserved order, and nothing will be."""
    for line in order.lines.order_by("variant_id"):
        stock.put_back(
            variant_id=line.variant_id, quantity=line.quantity, actor=actor, at=at, reason="cancelled"
        )
    deadlines.end_order(order, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    fact = OrderCancelled(*ids, actor.kind, cause, 0, order.total_minor)
    proof = {"cause": cause, "refunded_minor": 0, "let_go_minor": order.total_minor}
    move(order, _name(cause), actor=actor, at=at, fact=fact, proof=proof)


def _name(cause: str) -> str:
    """How the history calls it."""
    return "decline" if cause.startswith(DECLINED) else "lapse" if cause == SILENCE else "cancel"


def follow(orders: Sequence[Order], *, actor: Actor, at: datetime) -> None:
    """Once the last shop of a locked purchase has said what it can: take what stands, let go the rest."""
    payment_id = orders[0].payment_id
    standing = [order for order in orders if order.state == OrderState.RESERVED]
    if payment_id is None or any(order.is_unconfirmed for order in standing):
        return
    kept = [order.pk for order in standing]
    covers = OrderCover.objects.filter(order__in=kept).values_list("pk", flat=True)
    taking.take(payment_id=payment_id, keep=[*kept, *covers], actor=actor, at=at)


@transaction.atomic
def free(*, payment_id: UUID, at: datetime) -> list[Order]:
    """The bank let go what it had reserved, or never gave it: what still waited for it ends."""
    orders = Order.objects.of_payment(payment_id).all_locked()
    waiting = [order for order in orders if order.state == OrderState.RESERVED]
    for order in waiting:
        end(order, cause="not_taken", actor=Actor.system(), at=at)
    return waiting


def locked_with(order_id: UUID) -> list[Order]:
    """All orders of its purchase, locked in their order. :raises NotFound:"""
    first = Order.objects.get_or_not_found(pk=order_id)
    return Order.objects.filter(purchase_id=first.purchase_id).all_locked()

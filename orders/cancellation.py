"""Ending an order before it was sent: unpaid ones expire, paid ones go back in full."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import stock
from kernel.actor import Actor, ActorKind
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders import compensation, deadlines, dealing, giving_up, packing, progress, refunding, reserving
from orders.events import OrderCancelled, OrderExpired, RestCancelled
from orders.lifecycle import ORDER, OrderState, move, prove
from orders.models import Order, Purchase
from orders.vouchers import ending
from outbox import bus
from payments import capture
from payments.lifecycle import PaymentState


class MadeToOrder(DomainError):
    code = "made_to_order"
    message = N_(
        "This is being made for you, so it can't be cancelled before %(until)s. "
        "If it hasn't been sent by then, you can cancel with one click."
    )


class BeingMade(DomainError):
    code = "being_made"
    message = N_(
        "The shop has confirmed, and this is being made for you, so it can't be cancelled now. "
        "If it isn't sent in the time that was promised, you can cancel with one click."
    )


class JustPaid(DomainError):
    code = "just_paid"
    message = N_(
        "Your payment has just arrived. Reload the page: you can still cancel, and all of it goes back."
    )


@transaction.atomic
def expire(*, purchase_id: UUID, at: datetime) -> list[Order]:
    """Nobody paid in time: free the goods and end all orders of the purchase; twice is once."""
    purchase = Purchase.objects.get(pk=purchase_id)
    orders = Order.objects.filter(purchase=purchase).all_locked()
    waiting = [order for order in orders if ORDER.allows(order.state, "expire")]
    if waiting and not _close_payment(purchase.payment_id, at=at):
        return []
    if waiting:
        stock.release(reference=purchase.pk, at=at)
    for order in waiting:
        fact = OrderExpired(order.pk, order.merchant_id, order.subject_id)
        move(order, "expire", actor=Actor.system(), at=at, fact=fact)
    return waiting


@transaction.atomic
def cancel(*, order_id: UUID, actor: Actor, at: datetime, cause: str = "") -> list[Order]:
    """End what was not sent of an order. Unpaid: all orders of its purchase, since one payment covers them.

    Once a parcel has left, only the rest is given up, and the order goes on with its parcels.

    :raises IllegalMove: once it has been sent
    :raises MadeToOrder, BeingMade: the buyer of custom-made goods, before the promise to send is broken
    :raises BeingTaken: when the shops have confirmed and the provider is being asked for the money
    """
    first = Order.objects.get_or_not_found(pk=order_id)
    if first.state == OrderState.RESERVED:
        return [_give_up_reserved(first, cause=cause, actor=actor, at=at)]
    orders = Order.objects.filter(purchase_id=first.purchase_id).all_locked()
    order = next(each for each in orders if each.pk == order_id)
    ORDER.target(order.state, "cancel")
    if order.state == OrderState.AWAITING_PAYMENT:
        return _give_up_purchase(orders, actor=actor, at=at)
    if order.state == OrderState.RESERVED:
        raise JustPaid()
    cause = cause or _cause(order, actor, at)
    if order.is_voucher:
        ending.free_all(order, actor=actor, at=at)
    end = _cancel_rest if progress.outward(order) or ending.is_begun(order) else _cancel_paid
    end(order, cause=cause, actor=actor, at=at)
    return [order]


def _give_up_reserved(order: Order, *, cause: str, actor: Actor, at: datetime) -> Order:
    if actor.kind is ActorKind.BUYER and order.confirmed_at is not None and _is_custom_made(order):
        raise BeingMade()
    cause = cause or ("out_of_stock" if actor.kind is ActorKind.MEMBER else "changed_mind")
    return reserving.give_up(order_id=order.pk, cause=cause, actor=actor, at=at)


def worth(order: Order) -> Money:
    """What goes back if what wasn't sent is cancelled now: all of it before a parcel has left."""
    if order.is_voucher:
        return ending.worth(order)
    if not any(line.sent_quantity for line in order.lines.all()):
        return order.left
    return giving_up.worth(order, packing.left_to_send(order))


def _cause(order: Order, actor: Actor, at: datetime) -> str:
    if actor.kind is ActorKind.MEMBER:
        return "out_of_stock"
    late = order.dispatch_by is not None and at >= order.dispatch_by
    if not late and not order.is_unconfirmed and _is_custom_made(order):
        raise MadeToOrder(until=order.dispatch_by)
    return "dispatch_late" if late else "changed_mind"


def _is_custom_made(order: Order) -> bool:
    return order.lines.filter(exclusion="never", listing__category_id="custom-made").exists()


def _close_payment(payment_id: UUID | None, *, at: datetime) -> bool:
    """False when the money has just come in or been reserved: its notice is on the way."""
    if payment_id is None:
        return True
    payment = capture.expire_payment(payment_id=payment_id, actor=Actor.system(), at=at)
    return payment.state not in (PaymentState.CAPTURED, PaymentState.AUTHORISED)


def _give_up_purchase(orders: list[Order], *, actor: Actor, at: datetime) -> list[Order]:
    waiting = [order for order in orders if order.state == OrderState.AWAITING_PAYMENT]
    if not _close_payment(orders[0].payment_id, at=at):
        raise JustPaid()
    stock.release(reference=orders[0].purchase_id, at=at)
    for order in waiting:
        fact = OrderCancelled(
            order.pk, order.merchant_id, order.subject_id, actor.kind, "no_payment_wanted", 0
        )
        move(order, "cancel", actor=actor, at=at, fact=fact)
    deadlines.end_payment(orders[0].purchase_id, at=at)
    return waiting


def _cancel_paid(order: Order, *, cause: str, actor: Actor, at: datetime) -> None:
    amount = order.left
    if amount:
        refunding.give_back(order, amount=amount, purpose="cancellation", actor=actor, at=at)
    for line in order.lines.order_by("variant_id"):
        stock.put_back(
            variant_id=line.variant_id, quantity=line.quantity, actor=actor, at=at, reason="cancelled"
        )
    unsent = [(line, line.quantity) for line in order.lines.all()]
    compensation.on_cancelled(order, unsent, cause=cause, at=at)
    dealing.void(order, cause="cancelled", at=at)
    deadlines.end_order(order, at=at)
    fact = OrderCancelled(order.pk, order.merchant_id, order.subject_id, actor.kind, cause, amount.minor)
    move(
        order, "cancel", actor=actor, at=at, fact=fact, proof={"cause": cause, "refunded_minor": amount.minor}
    )


def _give_up_rest(order: Order, *, actor: Actor, at: datetime) -> tuple[packing.Pieces, Money]:
    purpose = "rest_cancelled"
    if order.is_voucher:
        return ending.give_back_unused(order, purpose=purpose, actor=actor, at=at)
    rest = packing.left_to_send(order)
    amount = giving_up.give_up(order, rest, counted=giving_up.CANCELLED, purpose=purpose, actor=actor, at=at)
    return rest, amount


def _cancel_rest(order: Order, *, cause: str, actor: Actor, at: datetime) -> None:
    rest, amount = _give_up_rest(order, actor=actor, at=at)
    for line, pieces in sorted(rest, key=lambda pair: pair[0].variant_id):
        stock.put_back(variant_id=line.variant_id, quantity=pieces, actor=actor, at=at, reason="cancelled")
    compensation.on_cancelled(order, rest, cause=cause, at=at)
    dealing.void_lines([line for line, _pieces in rest], at=at)
    held = {str(line.pk): pieces for line, pieces in rest}
    proof = {"cause": cause, "refunded_minor": amount.minor, "pieces": held}
    order.moves.create(
        name="cancel_rest", from_state=order.state, to_state=order.state, actor=str(actor), at=at
    )
    prove(order, "orders.order.cancel_rest", proof, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(RestCancelled(*ids, actor.kind, cause, amount.minor), at=at)
    refunding.end_if_empty(order, actor=actor, at=at)
    progress.follow(order, actor=actor, at=at)

"""What orders does when something happened elsewhere, or when one of its own deadlines passes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from accounts.events import GuestClaimed
from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from orders import (
    asking_receipt,
    cancellation,
    cart,
    cart_sets,
    compensation,
    confirm_deadlines,
    confirming,
    deadlines,
    delivery_deadlines,
    dispute_wait,
    express,
    fulfilment,
    holds,
    parcels,
    promise_watch,
    refunding,
    reserving,
    returns,
    settlement,
)
from orders.events import DispatchLate, OrderRefunded, ReturnRefusalUnanswered
from orders.lifecycle import RETURN, OrderState, ReturnState
from orders.models import Order, OrderCover, Return, Shipment, VoucherUse
from orders.pickup import waiting
from orders.promotions import gathering
from orders.vouchers import appointments, lapsing, releasing
from outbox import bus
from payments import ledger, refunds, stuck_refunds
from payments.events import PaymentAuthorised, PaymentCaptured, PaymentReleased, RefundFailed
from privacy.events import RequestAnswered, RequestRefused, RequestWithdrawn, UndoingAsked

GUARDIAN = "guardian"


def on_payment_captured(event: PaymentCaptured, *, at: datetime) -> None:
    fulfilment.mark_paid(payment_id=event.payment_id, actor=Actor.provider("payments"), at=at)


def on_payment_authorised(event: PaymentAuthorised, *, at: datetime) -> None:
    reserving.reserve(payment_id=event.payment_id, actor=Actor.provider("payments"), at=at)


def on_payment_released(event: PaymentReleased, *, at: datetime) -> None:
    reserving.free(payment_id=event.payment_id, at=at)


def on_refund_failed(event: RefundFailed, *, at: datetime) -> None:
    """An order's are tried again; after that, and for second charges and cards, the money desk looks.

    A premium is tried again by the room of covers, which goes to the desk by itself.
    """
    if OrderCover.objects.filter(pk=event.reference).exists():
        return
    again = None
    if Order.objects.filter(pk=event.reference).exists():
        amount = Money(event.amount_minor, event.currency)
        # What a dispute has taken meanwhile isn't there to be sent; the desk sees how that ends.
        with suppress(refunds.RefundExceedsCaptured, ledger.NotEnoughMoney):
            again = refunding.try_again(
                order_id=event.reference, amount=amount, purpose=event.purpose, actor=Actor.system(), at=at
            )
    if again is None:
        stuck_refunds.put_before_staff(refund=event.refund_id, at=at)


def on_guest_claimed(event: GuestClaimed, *, at: datetime) -> None:
    cart.merge(from_subject_id=event.guest_subject_id, into_subject_id=event.subject_id, at=at)
    cart_sets.merge(from_subject_id=event.guest_subject_id, into_subject_id=event.subject_id)
    gathering.gather(subject_id=event.subject_id, at=at)


def on_undoing_asked(event: UndoingAsked, *, at: datetime) -> None:
    """A guardian wants it undone: the money stays until an officer has answered."""
    holds.place(
        order_id=event.order_id, reason=GUARDIAN, reference=event.request_id, actor=Actor.system(), at=at
    )


def on_undoing_over(event: RequestAnswered | RequestRefused | RequestWithdrawn, *, at: datetime) -> None:
    """Answered, refused or taken back: this request holds nothing any more."""
    for order in Order.objects.filter(holds__reason=GUARDIAN, holds__reference=event.request_id):
        holds.lift(
            order_id=order.pk, reason=GUARDIAN, reference=event.request_id, actor=Actor.system(), at=at
        )


def on_order_refunded(event: OrderRefunded, *, at: datetime) -> None:
    """All the money is back, so returns that still run have nothing left to decide."""
    for returning in Return.objects.of_order(event.order_id).unfinished().order_by("pk"):
        if RETURN.allows(returning.state, "close"):
            returns.close(return_id=returning.pk, cause="order_over", actor=Actor.system(), at=at)


def on_payment_expiry(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    cancellation.expire(purchase_id=reference, at=at)


def on_confirmation_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    confirming.take_silence_for_no(order_id=reference, at=at)


def on_dispatch_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The promise is broken: it is paid for, and from here one click of the buyer's cancels."""
    order = Order.objects.locked(reference)
    if order.state == OrderState.PAID:
        compensation.on_late_dispatch(order, due_at=due_at, at=at)
        bus.publish(DispatchLate(order.pk, order.merchant_id, order.subject_id, due_at), at=at)


def on_dispatch_limit(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """`cancel` locks all orders of the purchase in their order; holding one before could block another's."""
    if dispute_wait.is_waiting(reference):
        return
    if Order.objects.filter(pk=reference, state=OrderState.PAID).exists():
        cancellation.cancel(order_id=reference, cause="never_dispatched", actor=Actor.system(), at=at)


def on_express_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if not dispute_wait.is_waiting(reference):
        express.give_back_surcharge(order_id=reference, actor=Actor.system(), at=at)


def on_pickup_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if not dispute_wait.is_waiting(reference):
        waiting.give_up(order_id=reference, actor=Actor.system(), at=at)


def on_voucher_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if not dispute_wait.is_waiting(reference):
        lapsing.lapse(order_id=reference, actor=Actor.system(), at=at)


def on_voucher_use_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    releasing.release_due(order_id=VoucherUse.objects.get(pk=reference).order_id, at=at)


def on_appointment_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    appointments.lapse(appointment_id=reference, at=at)


def on_parcel_silence(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if not dispute_wait.is_waiting(Shipment.objects.get(pk=reference).order_id):
        parcels.give_up_parcel(shipment_id=reference, at=at)


def on_parcel_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    asking_receipt.take_silence_for_yes(parcel_id=reference, at=at)


def on_return_window_end(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nothing moves: the row's end is the fact, and asking checks its instant."""


def on_settlement_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """A held order stays; lifting its last hold settles it then."""
    order = Order.objects.locked(reference)
    if order.state == OrderState.DELIVERED and not settlement.is_held(order):
        settlement.settle(order_id=reference, actor=Actor.system(), at=at)


def on_return_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    if _is(reference, ReturnState.ASKED):
        returns.accept(return_id=reference, by_silence=True, actor=Actor.system(), at=at)


def on_return_posting_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Where nobody came to fetch it the days have begun anew since."""
    anew = booking.find(kind=deadlines.RETURN_POSTING, reference=reference) is not None
    if _is(reference, ReturnState.ACCEPTED) and not anew:
        returns.close(return_id=reference, cause="not_posted", actor=Actor.system(), at=at)


def on_return_inspection_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    waiting = dispute_wait.is_waiting(Return.objects.get(pk=reference).order_id)
    if _is(reference, ReturnState.RECEIVED) and not waiting:
        returns.refund(return_id=reference, by_silence=True, actor=Actor.system(), at=at)


def on_return_refusal_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Seven silent days after a refusal: the complaints floor takes it from here."""
    returning = Return.objects.select_related("order").get(pk=reference)
    if returning.state == ReturnState.REFUSED:
        order = returning.order
        fact = ReturnRefusalUnanswered(
            order.pk, order.merchant_id, order.subject_id, returning.pk, returning.amount_minor
        )
        bus.publish(fact, at=at)


def _is(return_id: UUID, state: ReturnState) -> bool:
    """Checked with the order's row locked, as the use case will."""
    found = Return.objects.select_related("order").get(pk=return_id)
    Order.objects.locked(found.order_id)
    return Return.objects.get(pk=return_id).state == state


# Kind → what happens at its instant; config/subscriptions.py takes this table.
OUTCOMES = {
    deadlines.PAYMENT_EXPIRY: on_payment_expiry,
    confirm_deadlines.CONFIRMATION: on_confirmation_due,
    deadlines.DISPATCH: on_dispatch_due,
    deadlines.DISPATCH_LIMIT: on_dispatch_limit,
    delivery_deadlines.EXPRESS: on_express_due,
    delivery_deadlines.PICKUP: on_pickup_due,
    delivery_deadlines.VOUCHER: on_voucher_due,
    delivery_deadlines.VOUCHER_USE: on_voucher_use_due,
    delivery_deadlines.APPOINTMENT: on_appointment_due,
    deadlines.PARCEL_SILENCE: on_parcel_silence,
    deadlines.PARCEL_ANSWER: on_parcel_answer_due,
    deadlines.RETURN_WINDOW: on_return_window_end,
    deadlines.PRIVATE_RETURN: on_return_window_end,
    deadlines.SETTLEMENT: on_settlement_due,
    deadlines.RETURN_ANSWER: on_return_answer_due,
    deadlines.RETURN_POSTING: on_return_posting_due,
    deadlines.RETURN_INSPECTION: on_return_inspection_due,
    deadlines.RETURN_REFUSAL: on_return_refusal_due,
    deadlines.PROMISE_PAYMENT: promise_watch.on_payment_due,
}

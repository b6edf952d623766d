"""Telling the buyer what happened: one letter per fact that matters to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from accounts.finding import is_account
from kernel.money import Money
from merchants.seller_kinds import SellerKind
from notifications import addressees
from notifications.kinds import Value
from notifications.sending import send
from orders import events, guest_links
from orders.models import Order, Return
from orders.promotions import naming


def path_for(order: Order) -> str:
    """Where the buyer reads on: their order page, or the signed link of a guest."""
    if is_account(order.subject_id):
        return reverse("orders:order", args=[order.number])
    return guest_links.link(order)


def _tell(order_id: UUID, kind: str, at: datetime, **params: Value) -> None:
    order = Order.objects.get(pk=order_id)
    send(
        subject_id=order.subject_id,
        kind=f"orders.{kind}",
        reference=order.pk,
        params={"number": order.number, "path": path_for(order), **params},
        at=at,
    )


def _return_number(return_id: UUID) -> str:
    return Return.objects.get(pk=return_id).number


def on_voucher_lapsed(event: events.VoucherLapsed, *, at: datetime) -> None:
    _tell(event.order_id, "voucher_lapsed", at, amount=Money(event.refunded_minor))


def on_order_paid(event: events.OrderPaid, *, at: datetime) -> None:
    order = Order.objects.get(pk=event.order_id)
    if order.is_voucher:
        _tell(event.order_id, "voucher_issued", at, until=event.dispatch_by)
        return
    sums: dict[str, Value] = {"amount": Money(event.total_minor), "until": event.dispatch_by}
    kind = "order_paid"
    if order.discount_minor:
        kind, taken = "order_paid_less", naming.told(order, addressees.locale_of(order.subject_id))
        sums |= {"goods": order.goods, "taken": taken, "freight": order.freight}
    _tell(event.order_id, kind, at, **sums)


def on_order_expired(event: events.OrderExpired, *, at: datetime) -> None:
    _tell(event.order_id, "order_expired", at)


def on_order_cancelled(event: events.OrderCancelled, *, at: datetime) -> None:
    """Who gave up an unpaid order needs no letter about it."""
    if event.refunded_minor:
        _tell(event.order_id, "order_cancelled", at, amount=Money(event.refunded_minor))


def on_late_payment_refunded(event: events.LatePaymentRefunded, *, at: datetime) -> None:
    _tell(event.order_id, "late_payment_refunded", at, amount=Money(event.refunded_minor))


def on_dispatch_late(event: events.DispatchLate, *, at: datetime) -> None:
    _tell(event.order_id, "dispatch_late", at)


def on_express_late(event: events.ExpressLate, *, at: datetime) -> None:
    _tell(event.order_id, "express_late", at, amount=Money(event.refunded_minor))


def on_pickup_given_up(event: events.PickupGivenUp, *, at: datetime) -> None:
    _tell(event.order_id, "pickup_given_up", at, amount=Money(event.refunded_minor))


def on_order_shipped(event: events.OrderShipped, *, at: datetime) -> None:
    """What is picked up isn't sent but ready; the code stands on the order's page, never in a letter."""
    order = Order.objects.get(pk=event.order_id)
    if order.is_voucher:
        return
    if order.collect_by is None:
        _tell(event.order_id, "order_shipped", at)
    else:
        _tell(event.order_id, "pickup_ready", at, until=order.collect_by, where=order.point_told["name"])


def on_part_shipped(event: events.PartShipped, *, at: datetime) -> None:
    _tell(event.order_id, "part_shipped", at)


def on_rest_cancelled(event: events.RestCancelled, *, at: datetime) -> None:
    _tell(event.order_id, "rest_cancelled", at, amount=Money(event.refunded_minor))


def on_parcel_lost(event: events.ParcelLost, *, at: datetime) -> None:
    _tell(event.order_id, "parcel_lost", at, amount=Money(event.refunded_minor))


def on_parcel_came_back(event: events.ParcelCameBack, *, at: datetime) -> None:
    _tell(event.order_id, "parcel_came_back", at, amount=Money(event.refunded_minor))


def on_parcel_refused(event: events.ParcelRefused, *, at: datetime) -> None:
    _tell(event.order_id, "parcel_refused", at, until=event.back_by)


def on_parcel_asked(event: events.ParcelAsked, *, at: datetime) -> None:
    _tell(event.order_id, "parcel_asked", at, until=event.answer_by)


def on_parcel_denied(event: events.ParcelDenied, *, at: datetime) -> None:
    _tell(event.order_id, "parcel_denied", at, until=event.found_by)


def on_order_delivered(event: events.OrderDelivered, *, at: datetime) -> None:
    by_person = Order.objects.filter(pk=event.order_id, seller_kind=SellerKind.PRIVATE).exists()
    kind = "order_delivered_by_person" if by_person else "order_delivered"
    _tell(event.order_id, kind, at, until=event.window_ends_at)


def on_return_accepted(event: events.ReturnAccepted, *, at: datetime) -> None:
    number = _return_number(event.return_id)
    _tell(event.order_id, "return_accepted", at, return_number=number, until=event.post_by)


def on_return_received(event: events.ReturnReceived, *, at: datetime) -> None:
    number = _return_number(event.return_id)
    _tell(event.order_id, "return_received", at, return_number=number, until=event.inspect_by)


def on_return_refunded(event: events.ReturnRefunded, *, at: datetime) -> None:
    number = _return_number(event.return_id)
    _tell(event.order_id, "return_refunded", at, return_number=number, amount=Money(event.amount_minor))


def on_return_refused(event: events.ReturnRefused, *, at: datetime) -> None:
    number = _return_number(event.return_id)
    _tell(event.order_id, "return_refused", at, return_number=number, until=event.object_by)


def on_return_closed(event: events.ReturnClosed, *, at: datetime) -> None:
    """Only an end that the buyer didn't make: their parcel was never posted or never seen."""
    if event.cause in ("not_posted", "never_scanned"):
        _tell(event.order_id, "return_closed", at, return_number=_return_number(event.return_id))

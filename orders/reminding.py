"""Who gets the letter before a deadline of an order, a return or a parcel, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from notifications.reminders import Reader, Reminder
from orders.announcing import path_for
from orders.models import (
    Appointment,
    Collection,
    FaultClaim,
    Order,
    PromiseRecord,
    Return,
    ReturnLabel,
    Shipment,
    VoucherUse,
)


def payer_of_purchase(reference: UUID) -> Reminder:
    """The buyer of a purchase that isn't paid yet; its first order stands for it."""
    return buyer_of_order(Order.objects.filter(purchase_id=reference).earliest("number").pk)


def buyer_of_order(reference: UUID) -> Reminder:
    order = Order.objects.get(pk=reference)
    return Reminder(order.number, [Reader(order.subject_id, path_for(order))])


def shop_of_order(reference: UUID) -> Reminder:
    order = Order.objects.select_related("merchant").get(pk=reference)
    path = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    return Reminder(order.number, [Reader(each, path) for each in _members(order)])


def shop_of_promise(reference: UUID) -> Reminder:
    return shop_of_order(PromiseRecord.objects.get(pk=reference).order_id)


def shop_of_parcel(reference: UUID) -> Reminder:
    return shop_of_order(Shipment.objects.get(pk=reference).order_id)


def buyer_of_parcel(reference: UUID) -> Reminder:
    return buyer_of_order(Shipment.objects.get(pk=reference).order_id)


def buyer_of_use(reference: UUID) -> Reminder:
    return buyer_of_order(VoucherUse.objects.get(pk=reference).order_id)


def buyer_of_appointment(reference: UUID) -> Reminder:
    return buyer_of_order(Appointment.objects.get(pk=reference).order_id)


def buyer_of_return(reference: UUID) -> Reminder:
    returning = Return.objects.select_related("order").get(pk=reference)
    return Reminder(returning.number, [Reader(returning.order.subject_id, path_for(returning.order))])


def buyer_of_collection(reference: UUID) -> Reminder:
    label = Collection.objects.select_related("label").get(pk=reference).label
    return buyer_of_return(label.returning_id) if label.returning_id else buyer_of_claim(_claim_of(label))


def _claim_of(label: ReturnLabel) -> UUID:
    if label.claim_id is None:
        raise ValueError("a label is for a return or a claim")
    return label.claim_id


def shop_of_return(reference: UUID) -> Reminder:
    returning = Return.objects.select_related("order__merchant").get(pk=reference)
    path = reverse("orders:merchant-return", args=[returning.order.merchant.slug, returning.number])
    return Reminder(returning.number, [Reader(each, path) for each in _members(returning.order)])


def buyer_of_claim(reference: UUID) -> Reminder:
    claim = FaultClaim.objects.select_related("order").get(pk=reference)
    return Reminder(claim.number, [Reader(claim.order.subject_id, path_for(claim.order))])


def shop_of_claim(reference: UUID) -> Reminder:
    claim = FaultClaim.objects.select_related("order__merchant").get(pk=reference)
    path = reverse("orders:merchant-claim", args=[claim.order.merchant.slug, claim.number])
    return Reminder(claim.number, [Reader(each, path) for each in _members(claim.order)])


def _members(order: Order) -> list[UUID]:
    running = order.merchant.memberships.filter(ended_at__isnull=True)
    return list(running.order_by("since", "id").values_list("subject_id", flat=True))

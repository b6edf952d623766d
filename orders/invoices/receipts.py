"""What was paid for an order, by what means, and what came off it: from its frozen lines and the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import NotFound
from kernel.money import Money
from orders.models import Coupon, DiscountKind, LineDiscount, Order, Promotion
from payments.models import Charge, Payment, Refund


@dataclass(frozen=True, slots=True)
class Means:
    """One way by which money came: `provider` is its key, `number` what it calls the charge."""

    provider: str
    number: str
    payment_number: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class GoneBack:
    """One refund of the order; `state` is the refund's own."""

    amount: Money
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """`causes` are each line's discounts; `promotions` those that they name, by their reference."""

    order: Order
    means: tuple[Means, ...]
    causes: dict[UUID, list[LineDiscount]]
    promotions: dict[UUID, Promotion]
    refunds: tuple[GoneBack, ...]


def of_order(order: Order) -> Receipt:
    """The receipt of a paid order. :raises NotFound: nothing was paid for it"""
    if order.paid_at is None:
        raise NotFound()
    causes: dict[UUID, list[LineDiscount]] = {}
    for cause in LineDiscount.objects.of_order(order.pk).order_by("kind", "id"):
        causes.setdefault(cause.line_id, []).append(cause)
    found = [cause for of_line in causes.values() for cause in of_line]
    return Receipt(order, _means(order), causes, _promotions(found), _refunds(order))


def _means(order: Order) -> tuple[Means, ...]:
    paid = Payment.objects.filter(pk=order.payment_id) if order.payment_id else Payment.objects.none()
    payment = paid.first()
    if payment is None:
        return ()
    charges = Charge.objects.filter(payment=payment, extra=False).order_by("taken_at", "id")
    return tuple(
        Means(each.provider, each.provider_charge_id, payment.number, each.taken_at) for each in charges
    )


def _promotions(causes: list[LineDiscount]) -> dict[UUID, Promotion]:
    """A coupon's discount names the coupon, a threshold offer's the offer itself."""
    coupons = [cause.reference for cause in causes if cause.kind == DiscountKind.COUPON]
    offers = [cause.reference for cause in causes if cause.kind == DiscountKind.THRESHOLD]
    found: dict[UUID, Promotion] = {}
    if coupons:
        rows = Coupon.objects.filter(pk__in=coupons).select_related("promotion")
        found |= {row.pk: row.promotion for row in rows}
    if offers:
        found |= {row.pk: row for row in Promotion.objects.filter(pk__in=offers)}
    return found


def _refunds(order: Order) -> tuple[GoneBack, ...]:
    rows = Refund.objects.filter(reference=order.pk).exclude(state="failed").order_by("requested_at", "id")
    return tuple(GoneBack(Money(row.amount_minor, row.currency), row.state, row.requested_at) for row in rows)

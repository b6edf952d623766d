"""What an order was paid with, and what of a refund goes back by which means, for its buyer's pages."""

from __future__ import annotations

from django.utils.translation import ngettext

from kernel.money import Money
from orders.models import Order
from orders.web.presenting import View
from payments import tenders
from payments.points import spending
from payments.tender_models import Means


def of_order(order: Order) -> list[View]:
    """Empty where a provider alone was paid: then nothing needs to be told apart."""
    return _rows(tenders.paid_with(order.pk)) if getattr(order, "has_tenders", True) else []


def of_refund(order: Order, amount: Money) -> list[View]:
    """How `amount` would go back now; empty where a provider alone was paid."""
    return _rows(tenders.preview(order.pk, amount)) if amount else []


def earned(order: Order) -> str:
    """What the order earned once it was settled, less what refunds took back; else empty."""
    lot = spending.earned_by(order.pk) if order.settled_at else None
    n = lot.amount_minor - lot.taken_minor if lot else 0
    return ngettext("It earned %(n)s point.", "It earned %(n)s points.", n) % {"n": n} if n else ""


def _rows(sums: dict[Means, Money]) -> list[View]:
    if set(sums) <= {Means.PROVIDER}:
        return []
    return [
        {"means": str(means), "label": str(means.label), "amount": sums[means]}
        for means in Means
        if means in sums
    ]

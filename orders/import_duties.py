"""The import tax that an order's price holds: withheld when it settles, less when money goes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from kernel.money import Money
from law.import_tax import Standing
from orders.models import Order
from payments import duties
from payments.duties import Duty


def due(order: Order) -> Duty | None:
    """The running share: of the tax that was stated, what falls on the money that wasn't given back.

    Rounded down once on the whole, so that parts given back in any order leave the same. None: no tax.
    """
    stated = [line.tax for line in order.lines.all() if line.tax.get("standing") == Standing.IN_PRICE]
    whole = sum(int(tax["amount_minor"] or 0) for tax in stated)
    if not whole or order.total.is_zero:
        return None
    # "cn.cbec.tax": the place whose rule it is collects it.
    country = str(stated[0]["rules"][0]).partition(".")[0]
    return Duty(country, Money(whole * order.left.minor // order.total.minor, order.currency))


@transaction.atomic
def follow(order: Order, *, at: datetime) -> None:
    """Money of a locked, settled order went back: its share of the tax is the shop's again."""
    duty = due(order) if order.settled_at is not None else None
    if duty is not None:
        duties.give_back(duty, merchant_id=order.merchant_id, reference=order.pk, actor=Actor.system(), at=at)

"""What an order tells the catalogue: real deals when it is paid, void ones when nothing stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from catalog import deals
from kernel.money import Money
from orders.models import Order, OrderLine, Return


def note(order: Order, *, at: datetime) -> None:
    """The order is paid: each line is a deal, unless the thing was in a set (0119) or given away."""
    alone = [line for line in order.lines.all() if line.set_revision_id is None and not line.is_gift]
    deals.note([_sale(line) for line in alone], at=at)


def _sale(line: OrderLine) -> deals.Sale:
    """What one piece cost as it was bought, with its freight, as prices are shown.

    Under a template the pieces share a parcel, so each is noted with its share of what was really paid.
    """
    standard = line.standard_freight.minor
    shared = standard // line.quantity if line.content.get("freight") else standard
    return deals.Sale(line.listing_id, line.variant_id, line.pk, Money(_unit(line) + shared))


def _unit(line: OrderLine) -> int:
    """What one piece really cost: offers and coupons make a deal lower, never a share of a fen higher."""
    return line.goods_paid.minor // line.quantity


def void(order: Order, *, cause: str, at: datetime) -> None:
    """Nothing of the order stands: it was cancelled, or all its money went back."""
    deals.void(order.lines.values_list("pk", flat=True), cause=cause, at=at)


def void_lines(lines: Iterable[OrderLine], *, at: datetime, cause: str = "cancelled") -> None:
    """Of these nothing stays, by the cause; a line of which something stays was a deal."""
    deals.void([line.pk for line in lines if not line.returnable_quantity], cause=cause, at=at)


def void_returned(returning: Return, *, at: datetime) -> None:
    """Of these lines the buyer keeps nothing; a part that stays was a deal."""
    lines = returning.order.lines.filter(pk__in=returning.lines.values("line"))
    deals.void([line.pk for line in lines if not line.returnable_quantity], cause="returned", at=at)

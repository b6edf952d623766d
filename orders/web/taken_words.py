"""What came off an order and by what, in the reader's language: for its pages, its papers and its letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from orders.models import Funder, Order, OrderLine
from orders.promotions import causes, naming
from orders.promotions.causes import Cause
from orders.web import promotion_words
from orders.web.presenting import View
from rulebook import wording


def of_order(order: Order) -> View:
    """`causes`: rows of the ledger; `causes_by_line`: the same by line, with each line's own share."""
    return of_orders([order])[order.pk]


def of_orders(orders: Sequence[Order]) -> dict[UUID, View]:
    """By order; reads each order's lines, which pages fetch with it."""
    found = causes.of_orders(orders)
    return {order.pk: _shown(order, found[order.pk]) for order in orders}


def _shown(order: Order, found: Sequence[Cause]) -> View:
    lines = {line.pk: line for line in order.lines.all()} if found else {}
    by_line: dict[UUID, list[View]] = {}
    rows = []
    for cause in found:
        told = _row(cause, lines)
        rows.append({**told, "off": cause.amount})
        for line_id, off in cause.by_line.items():
            by_line.setdefault(line_id, []).append({**told, "off": off})
    return {"causes": rows, "causes_by_line": by_line}


def _row(cause: Cause, lines: Mapping[UUID, OrderLine]) -> View:
    return {
        "name": naming.name_of(cause, lines.values(), wording.locale()),
        "says": promotion_words.of_offer(cause.offer) if cause.offer else "",
        "platform": cause.funder == Funder.PLATFORM,
    }

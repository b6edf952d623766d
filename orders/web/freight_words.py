"""Why a return gives back the standard freight and not what express cost on top, for the page before it."""

from __future__ import annotations

from kernel.money import Money, total
from orders import asking
from orders.models import Order
from orders.web.presenting import View
from rulebook import queries, statute, wording


def kept_express(order: Order, found: asking.Request) -> View | None:
    """What stays with the merchant of the freight and by which rule; None where nothing does."""
    kept = total(step.kept_express for step in found.sum.steps)
    if not kept:
        return None
    return {"kept": kept, "law": _law(order)}


def _law(order: Order) -> object | None:
    """The rule where the buyer's law gives the standard freight back; None where it is ours alone."""
    standard = order.freight - total(line.express for line in order.lines.all())
    at, place = order.placed_at, order.place
    if not statute.delivery_back(paid=order.freight, standard=max(standard, Money(1)), at=at, place=place):
        return None
    rule_id = statute.refund_rule(at=at, place=place)
    return queries.citation(rule_id, wording.locale(), at=at)

"""Promises about taking goods back: kept by every refund under them, broken by a refusal that fell."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import promises as catalogue
from law.returns import PROMISED_DAYS
from orders import promise_sums
from orders.events import ReturnRefunded
from orders.models import Order, OrderLine, Return, ReturnLine, ReturnMove
from orders.models.promises import KEPT
from orders.promise_sums import Found
from rulebook import policies


@transaction.atomic
def on_return_refunded(event: ReturnRefunded, *, at: datetime) -> None:
    """The shop took goods back that it had promised to take back."""
    returning = Return.objects.get(pk=event.return_id)
    order = Order.objects.locked(returning.order_id)
    rule = policies.row(promise_sums.COMPENSATION, at).rule_id
    for part in returning.lines.select_related("line__revision").order_by("line__position"):
        if key := _key(part.line, returning):
            promise_sums.write(part.line, order, Found(key, returning.pk, KEPT, rule), at=at)


@transaction.atomic
def on_refusal_fell(*, order_id: UUID, line_id: UUID | None, at: datetime) -> None:
    """A ruling for the buyer: what the shop had refused to take back under a promise was a broken one."""
    order = Order.objects.locked(order_id)
    refused = ReturnMove.objects.filter(name="refuse", returning__order=order).values("returning")
    parts = ReturnLine.objects.filter(returning__in=refused).select_related("line__revision", "returning")
    for part in parts.order_by("line__position", "pk"):
        key = _key(part.line, part.returning) if line_id in (None, part.line_id) else None
        if key:
            found = promise_sums.broken(part.line, key, part.returning_id, at=at)
            promise_sums.write(part.line, order, found, at=at)


def _key(line: OrderLine, returning: Return) -> str | None:
    """The promise that this return was asked under; the law's own days are no promise."""
    if returning.kind == "no_reason":
        family = "return_days" if returning.rule_id == PROMISED_DAYS else ""
    else:
        family = "damage_replaced"
    made = [each for each in catalogue.made(line.terms) if each.family == family]
    return max(made, key=lambda each: each.measure).key if made else None

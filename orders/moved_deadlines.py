"""Keeping the copies on an order true when one of its deadlines moves."""

from __future__ import annotations

from datetime import datetime

from deadlines.events import DeadlineMoved
from orders import deadlines, delivery_deadlines
from orders.models import Order, Return

# Deadline kind → the copy that pages and lists read.
ON_ORDER = {
    deadlines.DISPATCH: "dispatch_by",
    delivery_deadlines.PICKUP: "collect_by",
    delivery_deadlines.VOUCHER: "collect_by",
    deadlines.RETURN_WINDOW: "window_ends_at",
    deadlines.PRIVATE_RETURN: "window_ends_at",
    deadlines.SETTLEMENT: "settles_at",
}
ON_RETURN = {deadlines.RETURN_POSTING: "post_by", deadlines.RETURN_INSPECTION: "inspect_by"}


def on_deadline_moved(event: DeadlineMoved, *, at: datetime) -> None:
    if event.kind in ON_ORDER:
        order = Order.objects.locked(event.reference)
        _copy(order, ON_ORDER[event.kind], event.due_to)
        if event.kind == deadlines.RETURN_WINDOW:
            deadlines.follow_return_window(order, ends_at=event.due_to, at=at)
    elif event.kind in ON_RETURN:
        _copy(Return.objects.get(pk=event.reference), ON_RETURN[event.kind], event.due_to)


def _copy(row: Order | Return, field: str, due_at: datetime) -> None:
    setattr(row, field, due_at)
    row.save(update_fields=[field])

"""What becomes of promises that are clocks: kept when somebody acted in time, broken at the instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from orders import promise_deadlines, promise_sums, returns
from orders.events import ReturnAccepted, ReturnRefunded, ReturnRefused
from orders.models import Order, OrderLine, Return
from orders.models.promises import BROKEN, KEPT
from orders.promise_deadlines import ANSWER, REFUND
from orders.promise_sums import Found
from orders.states import ReturnState
from rulebook import policies


@transaction.atomic
def on_refund_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The promised hour is over and the goods are back: the money goes now, whatever the shop says later."""
    returning = Return.objects.get(pk=reference)
    _decide(REFUND, Order.objects.locked(returning.order_id), reference, _lines(returning), False, at=at)
    if Return.objects.get(pk=reference).state == ReturnState.RECEIVED:
        returns.refund(return_id=reference, by_silence=True, actor=Actor.system(), at=at)


@transaction.atomic
def on_return_refunded(event: ReturnRefunded, *, at: datetime) -> None:
    """In time, or written as broken when its hour came."""
    _judge(REFUND, event.return_id, at=at)


@transaction.atomic
def on_return_answered(event: ReturnAccepted | ReturnRefused, *, at: datetime) -> None:
    _judge(ANSWER, event.return_id, at=at)


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody has answered a return; what is about a case comes from the room above."""
    returning = Return.objects.filter(pk=reference).first()
    if returning is not None:
        order = Order.objects.locked(returning.order_id)
        _decide(ANSWER, order, reference, _lines(returning), False, at=at)


@transaction.atomic
def of_case(*, order_id: UUID, reference: UUID, line_id: UUID | None, in_time: bool, at: datetime) -> None:
    """What a case says about the promise to answer; one about the whole order is judged by its first line."""
    order = Order.objects.locked(order_id)
    lines = order.lines.select_related("revision").order_by("position")
    carrying = [
        line for line in lines if line_id in (None, line.pk) and promise_deadlines.key_of(ANSWER, line)
    ]
    _decide(ANSWER, order, reference, carrying[:1], in_time, at=at)


def _judge(kind: str, return_id: UUID, *, at: datetime) -> None:
    in_time = promise_deadlines.met(kind, return_id)
    if in_time is None:
        return
    returning = Return.objects.get(pk=return_id)
    _decide(kind, Order.objects.locked(returning.order_id), return_id, _lines(returning), in_time, at=at)


def _decide(
    kind: str, order: Order, reference: UUID, lines: Iterable[OrderLine], in_time: bool, *, at: datetime
) -> None:
    """A late refund is itself what was owed; a late answer pays a share of the goods."""
    rule = policies.row(promise_sums.COMPENSATION, at).rule_id
    for line in lines:
        key = promise_deadlines.key_of(kind, line)
        if key is None:
            continue
        found = Found(key, reference, KEPT if in_time else BROKEN, rule)
        if kind == ANSWER and not in_time:
            found = promise_sums.broken(line, key, reference, at=at)
        promise_sums.write(line, order, found, at=at)


def _lines(returning: Return) -> list[OrderLine]:
    rows = OrderLine.objects.filter(pk__in=returning.lines.values("line"))
    return list(rows.select_related("revision").order_by("position"))

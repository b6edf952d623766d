"""Promises that are clocks of their own: how soon money is back, how soon somebody answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from catalog import promises as catalogue
from deadlines import booking
from deadlines.models import Deadline, State
from law.counting import Length, Unit
from orders.models import Order, OrderLine, Return
from rulebook import promises

REFUND = "orders.promise_refund"
ANSWER = "orders.promise_answer"
_FAMILY = {REFUND: "refund_hours", ANSWER: "answer_hours"}


def key_of(kind: str, line: OrderLine) -> str | None:
    """The line's promise behind this clock; the strictest where it has several."""
    family = _FAMILY[kind]
    made = [each for each in catalogue.made(line.terms) if each.family == family]
    return min(made, key=lambda each: each.measure).key if made else None


def start_refund(returning: Return, *, at: datetime) -> None:
    """The goods are back; nothing to book where no line was promised its money sooner than the rule says."""
    lines = OrderLine.objects.filter(pk__in=returning.lines.values("line")).select_related("revision")
    _start(REFUND, "silence.return_inspection", returning.order, returning.pk, lines, since=at, at=at)


def start_answer(returning: Return, *, at: datetime) -> None:
    """The shop has a say on this return."""
    lines = OrderLine.objects.filter(pk__in=returning.lines.values("line")).select_related("revision")
    _start(ANSWER, "silence.return_answer", returning.order, returning.pk, lines, since=at, at=at)


def start_answer_of_case(
    order: Order, *, reference: UUID, line_id: UUID | None, since: datetime, at: datetime
) -> None:
    """A buyer complains about the line, or about the whole order."""
    lines = order.lines.select_related("revision")
    lines = lines.filter(pk=line_id) if line_id else lines
    _start(ANSWER, "silence.complaint_answer", order, reference, lines, since=since, at=at)


def end(kind: str, reference: UUID, *, at: datetime) -> None:
    """Who had to act has acted."""
    booking.meet(kind=kind, reference=reference, at=at)


def drop(kind: str, reference: UUID, *, at: datetime) -> None:
    """There is nothing left to answer or to pay."""
    booking.cancel(kind=kind, reference=reference, at=at)


def met(kind: str, reference: UUID) -> bool | None:
    """Whether the clock was met in time; None where none ran, or its end is still open."""
    clock = next((each for each in reversed(booking.of(reference)) if each.kind == kind), None)
    if clock is None or clock.state not in (State.MET, State.FIRED):
        return None
    return _in_time(clock)


def _in_time(clock: Deadline) -> bool:
    """Acting at the instant is late, whether a sweep has passed or not."""
    return clock.state == State.MET and clock.ended_at is not None and clock.ended_at < clock.due_at


def _start(
    kind: str,
    rule: str,
    order: Order,
    reference: UUID,
    lines: Iterable[OrderLine],
    *,
    since: datetime,
    at: datetime,
) -> None:
    made = [
        promise
        for key in (key_of(kind, line) for line in lines)
        if key and (promise := catalogue.promise(key))
    ]
    if not made:
        return
    hours = Length(min(each.measure for each in made), Unit.HOURS)
    window = promises.due(rule, start=since, at=order.placed_at, place=order.place, length=hours)
    booking.book(kind=kind, reference=reference, at=at, **window.as_booking())

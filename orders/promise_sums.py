"""What a promise owes, once per fact, and where the money comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from orders import deadlines, dispute_wait, refunding, taking_back
from orders.events import PromiseDecided
from orders.models import Order, OrderLine, PromiseRecord
from orders.models.promises import BROKEN
from orders.states import HELD_STATES, OrderState
from outbox import bus
from rulebook import policies

COMPENSATION = "promise.compensation"
# The buyer has paid and hasn't got it all back.
BOUGHT = (*HELD_STATES, OrderState.SETTLED)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about one promise: the fact it hangs on, the outcome, the rule, the sum owed."""

    key: str
    reference: UUID
    outcome: str
    rule_id: str
    owed_minor: int = 0


def compensation(line: OrderLine, *, at: datetime, pieces: int | None = None) -> Money:
    """What a broken promise pays for a line, or for so many of its pieces: a share of the goods, with a
    least and a most."""
    value = policies.value(COMPENSATION, at)
    goods = line.goods_paid.minor if pieces is None else line.goods_paid.minor * pieces // line.quantity
    share = min(goods * value["permille"] // 1000, value["most_minor"])
    return Money(max(share, value["least_minor"]))


def broken(line: OrderLine, key: str, reference: UUID, *, at: datetime, pieces: int | None = None) -> Found:
    """A breach that pays by itself, never more than was paid for the line."""
    owed = min(compensation(line, at=at, pieces=pieces), line.left)
    return Found(key, reference, BROKEN, policies.row(COMPENSATION, at).rule_id, owed.minor)


def write(line: OrderLine, order: Order, found: Found, *, at: datetime) -> None:
    """Write it down once and pay what it owes; the order is locked."""
    record, made = PromiseRecord.objects.get_or_create(
        order=order,
        line=line,
        key=found.key,
        reference=found.reference,
        defaults={
            "outcome": found.outcome,
            "rule_id": found.rule_id,
            "owed_minor": found.owed_minor,
            "at": at,
        },
    )
    if not made:
        return
    if found.owed_minor:
        pay(record, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    fact = PromiseDecided(*ids, record.pk, record.key, record.outcome, record.owed_minor, record.paid_minor)
    bus.publish(fact, at=at)


def pay(record: PromiseRecord, *, at: datetime, from_fund: bool = False) -> None:
    """From what is held for the order, else from what the shop has; the rest stays owed, with a date.

    On that date the fund pays what the shop still couldn't (`from_fund`), and the shop owes it to the fund.
    While a dispute holds the order's money it waits for the dispute's end.
    """
    order = Order.objects.locked(record.order_id)
    if dispute_wait.is_waiting(order.pk):
        deadlines.start_promise_payment(record, at=at)
        return
    assert record.line_id is not None, "the promises watched are those of a line"
    line = order.lines.get(pk=record.line_id)
    purpose = f"promise:{record.pk}:{record.paid_minor}"
    amount = min(record.missing, order.left, line.left)
    if order.state not in HELD_STATES:
        amount = taking_back.fill(
            order, amount, purpose=purpose, actor=Actor.system(), at=at, with_fund=from_fund
        )
    if amount.minor > 0:
        refunding.refund_part(
            order_id=order.pk,
            amount=amount,
            purpose=purpose,
            actor=Actor.system(),
            at=at,
            line_id=record.line_id,
        )
        record.paid_minor += amount.minor
        record.save(update_fields=["paid_minor"])
    if record.missing.minor > 0 and order.state in BOUGHT and not from_fund:
        deadlines.start_promise_payment(record, at=at)
    else:
        booking.meet(kind=deadlines.PROMISE_PAYMENT, reference=record.pk, at=at)


def pay_open(order_id: UUID, *, at: datetime) -> None:
    """What couldn't be paid while a dispute held the order's money."""
    rows = PromiseRecord.objects.filter(order_id=order_id, owed_minor__gt=F("paid_minor"))
    for record in rows.select_for_update(no_key=True).order_by("at", "id"):
        pay(record, at=at)

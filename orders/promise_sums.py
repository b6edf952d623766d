"""What a promise owes, once per fact, and where the money comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from orders import deadlines, refunding
from orders.events import PromiseDecided
from orders.models import Order, OrderLine, PromiseRecord
from orders.models.promises import BROKEN
from orders.states import HELD_STATES, OrderState
from outbox import bus
from payments import escrow, fund
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
    """From what is held for the order, else from the shop's balance; the rest stays owed, with a date.

    On that date the fund pays what the shop still couldn't (`from_fund`), and the shop owes it to the fund.
    """
    order = Order.objects.locked(record.order_id)
    missing = record.missing
    if order.state not in HELD_STATES:
        missing = _taken_back(order, record, from_fund=from_fund, at=at)
    assert record.line_id is not None, "the promises watched are those of a line"
    line = order.lines.get(pk=record.line_id)
    amount = min(missing, order.left, line.left)
    if amount.minor > 0:
        refunding.refund_part(
            order_id=order.pk,
            amount=amount,
            purpose=f"promise:{record.pk}:{record.paid_minor}",
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


def _taken_back(order: Order, record: PromiseRecord, *, from_fund: bool, at: datetime) -> Money:
    """After settlement: what the shop has comes back into the order's escrow; the fund adds the rest."""
    missing = min(record.missing, order.left)
    available = escrow.within_reach(order.merchant_id, record.currency)
    amount = max(min(missing, available), Money.zero(record.currency))
    purpose = f"promise:{record.pk}:{record.paid_minor}"
    if amount.minor > 0:
        escrow.take_back(
            reference=order.pk,
            merchant_id=order.merchant_id,
            amount=amount,
            purpose=purpose,
            actor=Actor.system(),
            at=at,
        )
    if from_fund and missing > amount:
        fund.advance(
            reference=order.pk,
            merchant_id=order.merchant_id,
            amount=missing - amount,
            purpose=purpose,
            actor=Actor.system(),
            at=at,
        )
        return missing
    return amount

"""What a shop owes on top of the price for goods that weren't sent: reckoned and paid in the step itself.

A line with a promise of its shop's own to dispatch is paid by that promise (`promise_sums`), not twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from law.compensation import Compensation, promised_share
from orders import dispute_wait, packing, promise_watch
from orders.models import Order, OrderLine
from payments.awards import owing, shown
from payments.lifecycle import AwardCause
from payments.models import Award
from rulebook import policies

LATE = "compensation.late_dispatch"
CANCELLED = "compensation.shop_cancelled"
# Why an order ends when it was the shop that didn't send.
BY_THE_SHOP = frozenset({"out_of_stock", "never_dispatched"})


def on_late_dispatch(order: Order, *, due_at: datetime, at: datetime) -> Award | None:
    """The promised time is over; `order` is locked and something of it hasn't left."""
    if order.is_voucher:
        return None
    lines = order.lines.select_related("revision").order_by("position")
    late = [
        (line, packing.unsent_at(line, due_at) - line.cancelled_quantity)
        for line in lines
        if promise_watch.dispatch_key(line) is None
    ]
    return _owe(order, AwardCause.LATE_DISPATCH, _reckon(LATE, order, late), at=at)


def on_cancelled(order: Order, pieces: packing.Pieces, *, cause: str, at: datetime) -> Award | None:
    """`pieces` of a paid, locked order won't be sent; nothing is owed where that is the buyer's wish.

    Nor where the buyer ordered what the shop had yet to confirm.
    """
    if cause not in BY_THE_SHOP or order.is_voucher or order.is_unconfirmed:
        return None
    return _owe(order, AwardCause.SHOP_CANCELLED, _reckon(CANCELLED, order, pieces), at=at)


def if_cancelled(order: Order) -> Compensation | None:
    """What it would cost the shop to cancel what it hasn't sent; None: nothing on top of the price."""
    if order.by_person or order.is_voucher or order.is_unconfirmed:
        return None
    found = _reckon(CANCELLED, order, packing.left_to_send(order))
    return found if found.extra else None


def of_order(order: Order) -> list[Award]:
    """Everything owed on top of the price of an order, in the order in which it was owed.

    `has_awards` spares the question where the order was fetched with its answer.
    """
    return list(Award.objects.of_order(order.pk)) if getattr(order, "has_awards", True) else []


def told(order: Order) -> list[shown.Row]:
    """The same in words, for pages."""
    return shown.rows(of_order(order))


def _reckon(name: str, order: Order, pieces: Iterable[tuple[OrderLine, int]]) -> Compensation:
    """By the rule of the day of the order; in another currency it is the share alone."""
    rule = policies.row(name, order.placed_at)
    goods = sum(line.goods_paid.minor * max(n, 0) // line.quantity for line, n in pieces)
    in_yuan = order.currency == Money.zero().currency
    return promised_share(
        rule_id=rule.rule_id,
        base=Money(goods, order.currency),
        permille=rule.value["permille"],
        least=rule.value["least_minor"] if in_yuan else 0,
        most=rule.value["most_minor"] if in_yuan else goods,
    )


def _owe(order: Order, cause: AwardCause, reckoned: Compensation, *, at: datetime) -> Award | None:
    """A private person promised nothing of this; a dispute over the money comes first."""
    if order.by_person:
        return None
    return owing.owe(
        order_id=order.pk,
        merchant_id=order.merchant_id,
        subject_id=order.subject_id,
        cause=cause,
        cause_id=order.pk,
        reckoned=reckoned,
        waits=dispute_wait.is_waiting(order.pk),
        actor=Actor.system(),
        at=at,
    )

"""Merchants' promises, watched by machine: each has the rule that decides it from the order's facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from catalog import offers
from catalog import promises as catalogue
from catalog.events import ListingPublished
from catalog.models import ListingRevision
from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from orders import deadlines, refunding
from orders.events import DispatchLate, OrderShipped
from orders.models import Order, OrderLine, PromiseRecord
from orders.models.promises import BROKEN, KEPT
from orders.states import HELD_STATES, OrderState
from payments import accounts, escrow, ledger
from rulebook import policies

COMPENSATION = "promise.compensation"
PRICE = "policy.promise.price_protection"
# The buyer has paid and hasn't got it all back.
BOUGHT = (*HELD_STATES, OrderState.SETTLED)


def on_order_shipped(event: OrderShipped, *, at: datetime) -> None:
    """Sent in time: the promise to dispatch is kept; a late one was written when its time ended."""
    if event.on_time:
        _dispatched(event.order_id, KEPT, at=at)


def on_dispatch_late(event: DispatchLate, *, at: datetime) -> None:
    """The promised time is over: the promise is broken, and the breach pays by itself."""
    _dispatched(event.order_id, BROKEN, at=at)


@transaction.atomic
def on_listing_published(event: ListingPublished, *, at: datetime) -> None:
    """The price fell: whoever bought under price protection gets the difference."""
    content = ListingRevision.objects.get(pk=event.revision_id).content
    longest = max(catalogue.price_protection_days(promise) for promise in catalogue.known().values())
    lines = OrderLine.objects.filter(
        listing_id=event.listing_id,
        unit_minor__gt=event.price_minor,
        order__state__in=[str(state) for state in BOUGHT],
        order__paid_at__gt=at - timedelta(days=longest),
    )
    for line in lines.select_related("order", "revision").order_by("order_id", "position"):
        _protect(line, offers.variant(content, line.variant_id), event.revision_id, at=at)


@transaction.atomic
def on_payment_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """What was owed and couldn't be paid then is tried again; what is still missing goes on being owed."""
    record = PromiseRecord.objects.select_for_update(no_key=True).select_related("order").get(pk=reference)
    _pay(record, at=at)


def of_order(order_id: UUID) -> list[PromiseRecord]:
    """Everything decided about the order's promises, in its order."""
    return list(PromiseRecord.objects.filter(order_id=order_id).order_by("at", "id"))


@transaction.atomic
def _dispatched(order_id: UUID, outcome: str, *, at: datetime) -> None:
    order = Order.objects.locked(order_id)
    row = policies.row(COMPENSATION, at)
    for line in order.lines.select_related("revision").order_by("position"):
        key = _dispatch_key(line)
        if key is None:
            continue
        share = min(line.total_minor * row.value["permille"] // 1000, row.value["most_minor"])
        owed = max(share, row.value["least_minor"]) if outcome == BROKEN else 0
        _write(line, order, key, order.pk, outcome, row.rule_id, min(owed, line.left.minor), at=at)


def _dispatch_key(line: OrderLine) -> str | None:
    """The strictest of the line's promises to dispatch."""
    made = [one for one in catalogue.made(line.terms) if "dispatch_hours" in one.effect]
    return min(made, key=lambda one: int(one.effect["dispatch_hours"])).key if made else None


def _protect(line: OrderLine, now: offers.VariantOffer | None, revision_id: UUID, *, at: datetime) -> None:
    order = Order.objects.locked(line.order_id)
    for promise in catalogue.made(line.terms):
        days = catalogue.price_protection_days(promise)
        if not days or now is None or order.paid_at is None or order.state not in BOUGHT:
            continue
        if at >= order.paid_at + timedelta(days=days):
            continue
        pieces = line.quantity - line.returned_quantity
        fell = (line.unit_minor - now.price_minor) * pieces - _paid_before(line, promise.key)
        owed = min(fell, line.left.minor)
        if owed > 0:
            _write(line, order, promise.key, revision_id, KEPT, PRICE, owed, at=at)


def _paid_before(line: OrderLine, key: str) -> int:
    """A second fall pays only what the first one didn't."""
    return sum(one.owed_minor for one in PromiseRecord.objects.filter(line=line, key=key))


def _write(
    line: OrderLine,
    order: Order,
    key: str,
    reference: UUID,
    outcome: str,
    rule: str,
    owed: int,
    *,
    at: datetime,
) -> None:
    record, made = PromiseRecord.objects.get_or_create(
        order=order,
        line=line,
        key=key,
        reference=reference,
        defaults={"outcome": outcome, "rule_id": rule, "owed_minor": owed, "at": at},
    )
    if made and owed:
        _pay(record, at=at)


def _pay(record: PromiseRecord, *, at: datetime) -> None:
    """From what is held for the order, else from the shop's balance; the rest stays owed, with a date."""
    order = Order.objects.locked(record.order_id)
    missing = record.missing
    if order.state not in HELD_STATES:
        missing = _taken_back(order, record, at=at)
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
    if record.missing.minor > 0 and order.state in BOUGHT:
        deadlines.start_promise_payment(record, at=at)
    else:
        booking.meet(kind=deadlines.PROMISE_PAYMENT, reference=record.pk, at=at)


def _taken_back(order: Order, record: PromiseRecord, *, at: datetime) -> Money:
    """After settlement: as much as the shop has comes back into the order's escrow."""
    available = ledger.balance(accounts.available(order.merchant_id), record.currency)
    amount = min(record.missing, available)
    if amount.minor <= 0:
        return Money.zero(record.currency)
    escrow.take_back(
        reference=order.pk,
        merchant_id=order.merchant_id,
        amount=amount,
        purpose=f"promise:{record.pk}:{record.paid_minor}",
        actor=Actor.system(),
        at=at,
    )
    return amount

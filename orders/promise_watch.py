"""Merchants' promises, watched by machine: each has the rule that decides it from the order's facts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from catalog import offers
from catalog import promises as catalogue
from catalog.events import ListingPublished
from catalog.models import ListingRevision
from kernel.money import Money
from orders import packing, promise_sums
from orders.events import DispatchLate, OrderShipped
from orders.models import Order, OrderLine, PromiseRecord
from orders.models.promises import KEPT
from orders.promise_sums import BOUGHT, Found
from rulebook import policies

PRICE = "policy.promise.price_protection"


def on_order_shipped(event: OrderShipped, *, at: datetime) -> None:
    """Sent in time: the promise to dispatch is kept; a late one was written when its time ended."""
    if event.on_time:
        _dispatched(event.order_id, None, at=at)


def on_dispatch_late(event: DispatchLate, *, at: datetime) -> None:
    """The promised time is over: for every line that hasn't left whole the breach pays by itself."""
    _dispatched(event.order_id, event.due_at, at=at)


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
    """What was owed and couldn't be paid then is tried again; what the shop still lacks, the fund pays."""
    record = PromiseRecord.objects.select_for_update(no_key=True).select_related("order").get(pk=reference)
    promise_sums.pay(record, at=at, from_fund=True)


def of_order(order_id: UUID) -> list[PromiseRecord]:
    """Everything decided about the order's promises, in its order."""
    return list(PromiseRecord.objects.filter(order_id=order_id).order_by("at", "id"))


@transaction.atomic
def _dispatched(order_id: UUID, due_at: datetime | None, *, at: datetime) -> None:
    """`due_at` is when the promise ran out with something unsent; None when all of it left in time."""
    order = Order.objects.locked(order_id)
    rule = policies.row(promise_sums.COMPENSATION, at).rule_id
    for line in order.lines.select_related("revision").order_by("position"):
        key = dispatch_key(line)
        if key is None:
            continue
        late = packing.unsent_at(line, due_at) if due_at else 0
        found = Found(key, order.pk, KEPT, rule)
        if late:
            found = promise_sums.broken(line, key, order.pk, at=at, pieces=late)
        promise_sums.write(line, order, found, at=at)


def dispatch_key(line: OrderLine) -> str | None:
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
        pieces = line.returnable_quantity
        paid = line.goods_paid.minor * pieces // line.quantity
        fell = paid - now.price_minor * pieces - _paid_before(line, promise.key)
        owed = min(Money(max(fell, 0)), line.left)
        if owed.minor > 0:
            found = Found(promise.key, revision_id, KEPT, PRICE, owed.minor)
            promise_sums.write(line, order, found, at=at)


def _paid_before(line: OrderLine, key: str) -> int:
    """A second fall pays only what the first one didn't."""
    return sum(one.owed_minor for one in PromiseRecord.objects.filter(line=line, key=key))

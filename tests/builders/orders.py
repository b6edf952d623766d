"""Orders for tests: reached through the use cases, with the outbox drained, so that no row is impossible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from orders import cart, checkout, fulfilment, parcels, returns
from orders.checkout import Checkout
from orders.models import Order, Return
from orders.recipients import Recipient
from outbox import relay
from payments.sandbox import straight
from privacy.subjects import create_subject
from tests.builders.shops import a_listing

ORDERED = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
LIN_WEI = Recipient("林未", "138 0013 8000", "上海市徐汇区漕溪北路 88 号 6 幢 1204 室", "放门口就好")
_numbers = count(1)


def a_subject(*, at: datetime = ORDERED) -> UUID:
    return create_subject(locale="zh-hans", at=at).pk


def a_tracking_number() -> str:
    return f"SF{next(_numbers):010d}"


def a_checkout(
    *,
    listings: list[tuple[Any, int]] | None = None,
    subject_id: UUID | None = None,
    confirmations: Mapping[UUID, bool] | None = None,
    at: datetime = ORDERED,
    ways: Any = None,
) -> Checkout:
    """Put into the cart and ordered, not paid yet; without `listings` one piece of a fresh listing."""
    subject = subject_id or a_subject(at=at)
    actor = Actor.buyer(subject)
    for listing, quantity in listings or [(a_listing(), 1)]:
        cart.put(subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=actor, at=at)
    return checkout.place_orders(
        subject_id=subject,
        recipient=LIN_WEI,
        confirmations=confirmations or {},
        ways=ways,
        actor=actor,
        at=at,
    )


def pay(done: Checkout, *, at: datetime, choice: str = "pay") -> None:
    """The buyer pays at the sandbox provider; its signed notice is taken in and handed on."""
    straight.pay(done.payment.number, at=at, choice=choice)
    drain(at=at)


def drain(*, at: datetime) -> None:
    """Hand every waiting fact on, as of `at`."""
    with clock.frozen(at):
        relay.drain_all()


def an_order(
    *,
    paid: bool = True,
    shipped: bool = False,
    delivered_at: datetime | None = None,
    at: datetime = ORDERED,
    listing: Any = None,
    quantity: int = 1,
    subject_id: UUID | None = None,
    confirmations: Mapping[UUID, bool] | None = None,
) -> Order:
    """One order in the state asked for."""
    wanted = [(listing, quantity)] if listing is not None else None
    done = a_checkout(listings=wanted, subject_id=subject_id, confirmations=confirmations, at=at)
    order = done.orders[0]
    if paid or shipped or delivered_at:
        pay(done, at=at + timedelta(minutes=5))
    if shipped or delivered_at:
        ship(order, at=at + timedelta(hours=6))
    if delivered_at:
        deliver(order, at=delivered_at)
    return Order.objects.with_lines().get(pk=order.pk)


def ship(order: Order, *, at: datetime) -> None:
    fulfilment.ship(order_id=order.pk, tracking_number=a_tracking_number(), actor=member_of(order), at=at)
    drain(at=at)


def deliver(order: Order, *, at: datetime) -> None:
    scan(order.shipments.get(returning=None), "delivered", at=at)


def scan(shipment: Any, kind: str, *, at: datetime, event_id: str = "") -> None:
    parcels.record_scan(
        carrier=shipment.carrier,
        event_id=event_id or f"scan-{next(_numbers)}",
        tracking_number=shipment.tracking_number,
        kind=kind,
        happened_at=at,
        actor=Actor.carrier(shipment.carrier),
        at=at,
    )
    drain(at=at)


def a_return(
    order: Order,
    *,
    at: datetime,
    quantity: int = 1,
    kind: str = "no_reason",
    posted: bool = False,
    received: bool = False,
) -> Return:
    """A return of `quantity` of the order's first line, in the state asked for."""
    buyer = Actor.buyer(order.subject_id)
    line = order.lines.order_by("position")[0]
    made = returns.ask(order_id=order.pk, lines=[(line.pk, quantity)], kind=kind, actor=buyer, at=at)
    if posted or received:
        returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
    if received:
        scan(made.shipments.get(), "delivered", at=at + timedelta(days=1))
    drain(at=at)
    return Return.objects.get(pk=made.pk)


def member_of(order: Order) -> Actor:
    """Somebody who acts for the order's merchant."""
    return Actor.member(a_subject(), order.merchant_id)

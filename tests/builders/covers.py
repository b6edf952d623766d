"""Covers of order lines for tests: bought at the checkout, begun by sending, claimed by their buyer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kernel.actor import Actor
from kernel.money import Money
from orders import cart, checkout
from orders.aftercare import photos
from orders.checkout import Checkout
from orders.cover import claiming, straight
from orders.cover.claiming import Telling
from orders.cover.insurers.simulator import InsurerSimulator
from orders.cover_states import Cause
from orders.models import CoverClaim, Order, OrderCover
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, deliver, drain, pay, ship
from tests.builders.shops import a_listing
from tests.privacy.pictures import a_jpeg_upload

STORY = "箱子一角被压扁，壶盖碎了。"


def a_covered_checkout(
    *products: str,
    quantity: int = 1,
    listing: Any = None,
    subject_id: UUID | None = None,
    at: datetime = ORDERED,
) -> Checkout:
    """One line with these products chosen for it, not paid yet; 128.00 a piece without freight."""
    subject = subject_id or a_subject(at=at)
    actor = Actor.buyer(subject)
    thing = listing or a_listing(price_minor=12_800, stock=9)
    cart.put(subject_id=subject, listing_id=thing.pk, quantity=quantity, actor=actor, at=at)
    return checkout.place_orders(
        subject_id=subject,
        recipient=LIN_WEI,
        confirmations={},
        covers={thing.pk: set(products)} if products else {},
        actor=actor,
        at=at,
    )


def a_cover(
    product: str = "transit",
    *,
    sent: bool = True,
    delivered: bool = True,
    quantity: int = 1,
    listing: Any = None,
    subject_id: UUID | None = None,
    at: datetime = ORDERED,
) -> OrderCover:
    """Paid; sent six hours later and delivered the day after, where asked for."""
    done = a_covered_checkout(product, quantity=quantity, listing=listing, subject_id=subject_id, at=at)
    pay(done, at=at + timedelta(minutes=5))
    order = done.orders[0]
    if sent:
        ship(order, at=at + timedelta(hours=6))
    if sent and delivered:
        deliver(order, at=at + timedelta(days=1))
    return fresh(OrderCover.objects.get(order=order))


def fresh(cover: OrderCover) -> OrderCover:
    return OrderCover.objects.select_related("order", "line").get(pk=cover.pk)


def order_of(cover: OrderCover) -> Order:
    return Order.objects.get(pk=cover.order_id)


def a_cover_claim(
    cover: OrderCover,
    *,
    at: datetime,
    cause: Cause = Cause.DAMAGED,
    quantity: int = 1,
    spent: Money | None = None,
    photo: bool = True,
) -> CoverClaim:
    """Asked by its buyer, the outbox drained."""
    buyer = Actor.buyer(cover.subject_id)
    uploads = [a_jpeg_upload()] if photo else []
    shown = photos.receive(uploads, subject_id=cover.subject_id, actor=buyer, at=at)
    said = Telling(cause=cause, quantity=quantity, spent=spent, story=STORY)
    made = claiming.ask(cover_id=cover.pk, said=said, shown=shown, actor=buyer, at=at)
    drain(at=at)
    return made


def insurer_answers(insurer: InsurerSimulator, *, at: datetime) -> int:
    """Every call that is due, and what its answers do."""
    made = straight.run(at=at, insurer=insurer)
    drain(at=at)
    return made

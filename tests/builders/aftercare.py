"""Repairs and exchanges for tests: reached through the use cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel.actor import Actor
from orders.aftercare import claims, mending, photos
from orders.models import FaultClaim, Order
from orders.models.parcels import TO_BUYER, TO_SHOP
from tests.builders.orders import a_tracking_number, drain, member_of, scan
from tests.privacy.pictures import a_jpeg_upload

FAULT = "按开机键没有反应，充了一夜电也一样。"
STEPS = ("accepted", "posted", "received", "in_hand", "sent", "arrived", "done")


def a_claim(
    order: Order,
    *,
    at: datetime,
    state: str = "asked",
    remedy: str = "exchange",
    quantity: int = 1,
    repeats: FaultClaim | None = None,
    photo: bool = False,
) -> FaultClaim:
    """A claim about the order's first line, a day per step until it is in the state asked for."""
    buyer, line = Actor.buyer(order.subject_id), order.lines.order_by("position")[0]
    uploads = [a_jpeg_upload()] if photo else []
    shown = photos.receive(uploads, subject_id=order.subject_id, actor=buyer, at=at)
    made = claims.ask(
        order_id=order.pk,
        line_id=line.pk,
        quantity=quantity,
        remedy=remedy,
        fault=FAULT,
        repeats_id=repeats.pk if repeats else None,
        shown=shown,
        actor=buyer,
        at=at,
    )
    drain(at=at)
    for number, step in enumerate(STEPS[: STEPS.index(state) + 1] if state in STEPS else (), start=1):
        take(made, step, at=at + timedelta(hours=12 * number))
    return FaultClaim.objects.get(pk=made.pk)


def take(claim: FaultClaim, step: str, *, at: datetime) -> None:
    """The step that leads to this state, by who makes it."""
    buyer, member = Actor.buyer(claim.subject_id), member_of(claim.order)
    number: dict[str, Any] = {"claim_id": claim.pk, "tracking_number": a_tracking_number(), "at": at}
    match step:
        case "accepted":
            claims.accept(claim_id=claim.pk, actor=member, at=at)
        case "posted":
            claims.post(**number, actor=buyer)
        case "received":
            scan(claim.shipments.get(claim_way=TO_SHOP), "delivered", at=at)
        case "in_hand":
            claims.take_on(claim_id=claim.pk, actor=member, at=at)
        case "sent":
            mending.send(**number, actor=member)
        case "arrived":
            scan(claim.shipments.get(claim_way=TO_BUYER), "delivered", at=at)
        case "done":
            mending.confirm(claim_id=claim.pk, actor=buyer, at=at)
    drain(at=at)

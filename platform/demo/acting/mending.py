"""Faulty goods on their way to the shop and back."""

from __future__ import annotations

from uuid import UUID

from demo.acting.sending import record
from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders.aftercare import claims, mending
from orders.models import FaultClaim, Order
from orders.models.parcels import TO_BUYER, TO_SHOP


def ask(stage: Stage, step: Step) -> None:
    """For one piece of the line in this place of the order."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    made = claims.ask(
        order_id=order.pk,
        line_id=order.lines.order_by("position")[step.facts["place"]].pk,
        quantity=1,
        remedy=step.facts["remedy"],
        fault=step.facts["fault"],
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )
    stage.call(_name(step), made.pk)


def move(stage: Stage, step: Step) -> None:
    """The next step of it: who makes it and how stands in its name."""
    claim_id = _claim(stage, step)
    buyer = Actor.buyer(FaultClaim.objects.get(pk=claim_id).subject_id)
    shop = stage.member(shop_of(step.key))
    number = f"{step.facts['number']}"
    match step.facts["step"]:
        case "accept":
            claims.accept(claim_id=claim_id, actor=shop, at=stage.at)
        case "post":
            claims.post(claim_id=claim_id, tracking_number=number, actor=buyer, at=stage.at)
        case "arrive_at_shop":
            record(stage, _parcel(claim_id, TO_SHOP), "delivered")
        case "take_on":
            claims.take_on(claim_id=claim_id, actor=shop, at=stage.at)
        case "send":
            mending.send(claim_id=claim_id, tracking_number=number, actor=shop, at=stage.at)
        case "arrive":
            record(stage, _parcel(claim_id, TO_BUYER), "delivered")
        case "confirm":
            mending.confirm(claim_id=claim_id, actor=buyer, at=stage.at)


def _parcel(claim_id: UUID, way: str) -> str:
    claim = FaultClaim.objects.get(pk=claim_id)
    return str(claim.shipments.get(claim_way=way).tracking_number)


def _claim(stage: Stage, step: Step) -> UUID:
    return stage.get(_name(step))


def _name(step: Step) -> str:
    return f"claim:{step.key}:{step.facts['place']}"

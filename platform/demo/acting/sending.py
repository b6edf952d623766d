"""Handed over, seen on the way, signed for."""

from __future__ import annotations

import hashlib
from uuid import UUID

from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders import fulfilment, parcels
from orders.models import Order, OrderLine, Shipment


def tracking_number(key: str, *, back: bool = False) -> str:
    """The number on the parcel of an order; the same order always has the same."""
    digits = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10**12
    return f"{'SB' if back else 'SA'}{digits:012d}"


def ship(stage: Stage, step: Step) -> None:
    """Some orders of several things leave in two parcels."""
    order_id, actor = stage.get(f"order:{step.key}"), stage.member(shop_of(step.key))
    if part := _first_part(step.key, order_id):
        fulfilment.ship(
            order_id=order_id, tracking_number=_first_number(step.key), pieces=part, actor=actor, at=stage.at
        )
    fulfilment.ship(order_id=order_id, tracking_number=tracking_number(step.key), actor=actor, at=stage.at)


def _first_part(key: str, order_id: UUID) -> dict[UUID, int]:
    """The first line of every third order with more than one; empty where all of it goes together."""
    lines = list(OrderLine.objects.of_order(order_id))
    apart = len(lines) > 1 and int(tracking_number(key)[2:]) % 3 == 0
    return {lines[0].pk: lines[0].to_send} if apart else {}


def _first_number(key: str) -> str:
    return tracking_number(f"{key}/first")


def scan(stage: Stage, step: Step) -> None:
    """Both parcels are seen together."""
    numbers = [_first_number(step.key), tracking_number(step.key)]
    there = Shipment.objects.filter(tracking_number__in=numbers).order_by("handed_over_at", "id")
    for number in there.values_list("tracking_number", flat=True):
        record(stage, number, step.facts["kind"])


def record(stage: Stage, number: str, kind: str) -> None:
    parcels.record_scan(
        carrier="sandbox",
        event_id=f"{number}-{kind}",
        tracking_number=number,
        kind=kind,
        happened_at=stage.at,
        actor=Actor.carrier("sandbox"),
        at=stage.at,
    )


def confirm(stage: Stage, step: Step) -> None:
    """The buyer says that it has come."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    fulfilment.confirm_delivery(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=stage.at)

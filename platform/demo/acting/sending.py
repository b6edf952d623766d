"""Handed over, seen on the way, signed for."""

from __future__ import annotations

import hashlib

from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders import fulfilment, parcels
from orders.models import Order


def tracking_number(key: str, *, back: bool = False) -> str:
    """The number on the parcel of an order; the same order always has the same."""
    digits = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10**12
    return f"{'SB' if back else 'SA'}{digits:012d}"


def ship(stage: Stage, step: Step) -> None:
    fulfilment.ship(
        order_id=stage.get(f"order:{step.key}"),
        tracking_number=tracking_number(step.key),
        actor=stage.member(shop_of(step.key)),
        at=stage.at,
    )


def scan(stage: Stage, step: Step) -> None:
    record(stage, tracking_number(step.key), step.facts["kind"])


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

"""Goods going back."""

from __future__ import annotations

from uuid import UUID

from demo.acting.sending import record, tracking_number
from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders import returns
from orders.labels import collecting, issuing, visits
from orders.models import Order, ReturnLabel
from orders.recipients import Recipient


def ask(stage: Stage, step: Step) -> None:
    """For everything in the order."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    made = returns.ask(
        order_id=order.pk,
        lines=[(line.pk, line.quantity) for line in order.lines.order_by("position")],
        kind=step.facts["kind"],
        note=step.facts["note"],
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )
    stage.call(f"return:{step.key}", made.pk)


def accept(stage: Stage, step: Step) -> None:
    returns.accept(return_id=_return(stage, step), actor=stage.member(shop_of(step.key)), at=stage.at)


def post(stage: Stage, step: Step) -> None:
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    returns.post(
        return_id=_return(stage, step),
        tracking_number=tracking_number(step.key, back=True),
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )


def label(stage: Stage, step: Step) -> None:
    """The free label of a return whose shop bears the way."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    issuing.issue(return_id=_return(stage, step), actor=Actor.buyer(order.subject_id), at=stage.at)


def scan_label(stage: Stage, step: Step) -> None:
    made = ReturnLabel.objects.get(returning_id=_return(stage, step))
    record(stage, made.tracking_number, step.facts["kind"])


def book_collection(stage: Stage, step: Step) -> None:
    """The second time that is offered, where the order went."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    _first, (begins, _ends) = visits.offered(at=stage.at, zone=collecting.zone_of(order))[:2]
    collecting.book(
        return_id=_return(stage, step),
        starts_at=begins,
        where=Recipient(order.recipient or "", order.phone or "", order.address or ""),
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )


def scan(stage: Stage, step: Step) -> None:
    record(stage, tracking_number(step.key, back=True), step.facts["kind"])


def refund(stage: Stage, step: Step) -> None:
    returns.refund(return_id=_return(stage, step), actor=stage.member(shop_of(step.key)), at=stage.at)


def refuse(stage: Stage, step: Step) -> None:
    actor = stage.member(shop_of(step.key))
    returns.refuse(return_id=_return(stage, step), reason=step.facts["text"], actor=actor, at=stage.at)


def withdraw(stage: Stage, step: Step) -> None:
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    actor = Actor.buyer(order.subject_id)
    returns.close(return_id=_return(stage, step), cause="withdrawn", actor=actor, at=stage.at)


def _return(stage: Stage, step: Step) -> UUID:
    return stage.get(f"return:{step.key}")

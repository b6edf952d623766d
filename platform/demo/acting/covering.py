"""A claim on a cover, and its insurer's answer."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from orders.cover import claiming, straight
from orders.cover.claiming import Telling
from orders.cover_states import Cause
from orders.models import OrderCover


def claim(stage: Stage, step: Step) -> None:
    """On the cover of this kind of the order's line."""
    cover = OrderCover.objects.get(order_id=stage.get(f"order:{step.key}"), kind=step.facts["kind"])
    said = Telling(cause=Cause(step.facts["cause"]), story=step.facts["story"])
    claiming.ask(cover_id=cover.pk, said=said, actor=Actor.buyer(cover.subject_id), at=stage.at)


def answer(stage: Stage, step: Step) -> None:
    """The insurer is told what is due, and answers."""
    straight.run(at=stage.at)

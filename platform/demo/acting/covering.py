"""A claim on a cover, and its insurer's answer."""

from __future__ import annotations

from demo.acting import complaining
from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from orders.aftercare import photos
from orders.cover import claiming, straight
from orders.cover.claiming import Telling
from orders.cover.insurers.simulator import InsurerSimulator
from orders.cover_states import Cause
from orders.models import OrderCover


def claim(stage: Stage, step: Step) -> None:
    """On the cover of this kind of the order's line."""
    cover = OrderCover.objects.get(order_id=stage.get(f"order:{step.key}"), kind=step.facts["kind"])
    said = Telling(cause=Cause(step.facts["cause"]), story=step.facts["story"])
    buyer = Actor.buyer(cover.subject_id)
    seen = complaining.pictures(step.facts.get("pictures", ()))
    shown = photos.receive(seen, subject_id=cover.subject_id, actor=buyer, at=stage.at)
    claiming.ask(cover_id=cover.pk, said=said, shown=shown, actor=buyer, at=stage.at)


def answer(stage: Stage, step: Step) -> None:
    """The insurer is told what is due, and answers; `refuses` is why it pays nothing."""
    insurer = InsurerSimulator(trusts=True, refuses=step.facts.get("refuses", ""))
    straight.run(at=stage.at, insurer=insurer)

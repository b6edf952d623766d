"""Service points: opened, made use of, and the codes that are shown there."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage, shop_of
from orders.models import PointCode
from orders.pickup import handing, points, readying


def open_point(stage: Stage, step: Step) -> None:
    slug, facts = step.key.partition("/")[0], step.facts
    written = points.Written(facts["name"], facts["address"], facts["hours"], facts["offers"])
    merchant_id, actor = stage.get(f"shop:{slug}"), stage.member(slug)
    point = points.open_point(merchant_id=merchant_id, written=written, actor=actor, at=stage.at)
    stage.call(f"point:{step.key}", point.pk)


def make_ready(stage: Stage, step: Step) -> None:
    actor = stage.member(shop_of(step.key))
    readying.mark_ready(order_id=stage.get(f"order:{step.key}"), actor=actor, at=stage.at)


def show_code(stage: Stage, step: Step) -> None:
    """The buyer comes, and somebody of the shop enters what they show."""
    slug = shop_of(step.key)
    code = PointCode.objects.live().get(order_id=stage.get(f"order:{step.key}"))
    merchant_id, actor = stage.get(f"shop:{slug}"), stage.member(slug)
    handing.take(merchant_id=merchant_id, text=code.code, actor=actor, at=stage.at)

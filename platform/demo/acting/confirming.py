"""A shop's word on what it makes to order."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage, shop_of
from orders import confirming


def confirm(stage: Stage, step: Step) -> None:
    actor, order_id = stage.member(shop_of(step.key)), stage.get(f"order:{step.key}")
    confirming.confirm(order_id=order_id, actor=actor, at=stage.at)


def decline(stage: Stage, step: Step) -> None:
    actor, order_id = stage.member(shop_of(step.key)), stage.get(f"order:{step.key}")
    confirming.decline(order_id=order_id, reason=step.facts["reason"], actor=actor, at=stage.at)

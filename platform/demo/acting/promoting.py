"""Threshold offers and coupons: what a shop takes off, and who has claimed what."""

from __future__ import annotations

from demo.script import Step
from demo.stage import Stage
from orders.promotions import claiming, offering


def promote(stage: Stage, step: Step) -> None:
    facts = step.facts
    made = offering.make(
        merchant_id=stage.get(f"shop:{facts['shop']}"),
        terms=offering.Terms(starts_at=stage.at, **facts["terms"]),
        actor=stage.member(facts["shop"]),
        at=stage.at,
    )
    stage.call(f"promotion:{step.key}", made.pk)


def claim_coupon(stage: Stage, step: Step) -> None:
    actor = stage.buyer(step.facts["shopper"])
    assert actor.subject_id is not None
    promotion_id = stage.get(f"promotion:{step.facts['promotion']}")
    claiming.claim(promotion_id=promotion_id, subject_id=actor.subject_id, actor=actor, at=stage.at)

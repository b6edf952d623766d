"""What shoppers write about goods they have had for a while."""

from __future__ import annotations

from credit import reviews
from demo.script import Step
from demo.stage import Stage
from kernel.actor import Actor
from orders.models import Order

PARTS = ("goods", "delivery", "aftersales")


def review(stage: Stage, step: Step) -> None:
    """A story scores goods and page as one; its texts follow each other."""
    story = step.facts["story"]
    order = Order.objects.get(pk=stage.get(f"order:{step.facts['order']}"))
    line = order.lines.get(listing_id=stage.get(f"goods:{step.facts['goods']}"))
    scores = story["scores"]
    reviews.write_review(
        order_id=order.pk,
        line_id=line.pk,
        goods=scores["goods"],
        description=scores["goods"],
        delivery=scores["delivery"],
        aftersales=scores["aftersales"],
        text="\n".join(story["texts"][part] for part in PARTS),
        actor=Actor.buyer(order.subject_id),
        at=stage.at,
    )

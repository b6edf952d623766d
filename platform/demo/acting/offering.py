"""What a shop does beside listing its goods: freight, promises, paid places, counting the shelf."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from catalog import freight_templates, placements, promising, stock, stock_alerts
from catalog.models import Variant
from demo.script import Step
from demo.stage import Stage


def write_freight(stage: Stage, step: Step) -> None:
    facts = step.facts
    template = freight_templates.create(
        merchant_id=stage.get(f"shop:{facts['shop']}"),
        written=freight_templates.Written(
            facts["name"], facts["by"], facts["zones"], express_days=facts["days"], express=facts["express"]
        ),
        actor=stage.member(facts["shop"]),
        at=stage.at,
    )
    stage.call(f"freight:{step.key}", template.pk)


def promise(stage: Stage, step: Step) -> None:
    shop, _, key = step.key.partition("/")
    row = promising.choose(
        merchant_id=stage.get(f"shop:{shop}"),
        terms=promising.Terms(key, tuple(step.facts["categories"])),
        actor=stage.member(shop),
        at=stage.at,
    )
    stage.call(f"promise:{step.key}", row.pk)


def withdraw_promise(stage: Stage, step: Step) -> None:
    shop = step.key.partition("/")[0]
    promising.withdraw(
        promise_id=stage.get(f"promise:{step.key}"),
        merchant_id=stage.get(f"shop:{shop}"),
        actor=stage.member(shop),
        at=stage.at,
    )


def book_place(stage: Stage, step: Step) -> None:
    """From tomorrow on, by the calendar of the platform's place."""
    shop = step.key.partition("/")[0]
    placement = placements.book(
        merchant_id=stage.get(f"shop:{shop}"),
        listing_id=stage.get(f"goods:{step.key}"),
        first_day=placements.today(stage.at) + timedelta(days=1),
        days=step.facts["days"],
        actor=stage.member(shop),
        at=stage.at,
    )
    stage.call(f"placement:{step.key}", placement.pk)


def refuse_place(stage: Stage, step: Step) -> None:
    placements.refuse(
        placement_id=stage.get(f"placement:{step.key}"),
        reason=step.facts["reason"],
        actor=stage.reviewer(),
        at=stage.at,
    )


def count_stock(stage: Stage, step: Step) -> None:
    """What was found on the shelf; who waits for it is written to."""
    actor = stage.member(step.key.partition("/")[0])
    variant_id = variant_of(stage, step.key)
    stock.count(variant_id=variant_id, on_hand=step.facts["pieces"], actor=actor, at=stage.at)
    stock_alerts.tell(at=stage.at)


def variant_of(stage: Stage, goods: str) -> UUID:
    """The first variant of the script's goods."""
    rows = Variant.objects.filter(listing_id=stage.get(f"goods:{goods}")).order_by("position")
    return rows.values_list("pk", flat=True)[0]

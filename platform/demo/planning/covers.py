"""Covers of the shopper of the sign-ins: one paid, one refused and contested, one given back, one waits."""

from __future__ import annotations

from datetime import timedelta

from demo.content import Goods
from demo.planning import parcels
from demo.planning.faults import LAMPS
from demo.planning.opening import SMALL_GOODS, free
from demo.planning.parcels import DAY, HOUR
from demo.script import Script

SHOPPER = "zhixia"


def plan(script: Script) -> None:
    lamp = free(script.content.shops[LAMPS])[:SMALL_GOODS][0]
    basket = [(lamp, 1)]
    lost_at = script.ends - 6 * DAY
    (lost,) = parcels.purchase(
        script, shopper=SHOPPER, basket=basket, at=lost_at - 4 * DAY, covers=["transit", "authenticity"]
    )
    script.add(lost_at - 3 * DAY, "ship", lost.key)
    script.add(lost_at, "scan", lost.key, kind="lost")
    script.add(
        lost_at + 5 * HOUR,
        "claim_cover",
        lost.key,
        kind="transit",
        cause="lost",
        story="快递说包裹在分拣中心丢了。",
    )
    script.add(lost_at + 9 * HOUR, "insurer_answers", lost.key)
    _refused(script, basket)
    (gone,) = parcels.purchase(
        script, shopper=SHOPPER, basket=basket, at=script.ends - 3 * DAY, covers=["return-freight"]
    )
    script.add(gone.paid_at + timedelta(hours=1), "cancel", gone.key, by="buyer")
    parcels.purchase(script, shopper=SHOPPER, basket=basket, at=script.ends - 5 * HOUR, covers=["transit"])


def _refused(script: Script, basket: list[tuple[Goods, int]]) -> None:
    """The insurer sees damage of the box alone; the buyer turns to the platform."""
    told_at = script.ends - 2 * DAY
    (leg,) = parcels.purchase(
        script, shopper=SHOPPER, basket=basket, at=told_at - 4 * DAY, covers=["transit"]
    )
    script.add(told_at - 3 * DAY, "ship", leg.key)
    script.add(told_at - DAY, "scan", leg.key, kind="delivered")
    script.add(
        told_at,
        "claim_cover",
        leg.key,
        kind="transit",
        cause="damaged",
        story="外箱压扁了，灯罩边上裂了一道。",
        pictures=["evidence-box.webp"],
    )
    script.add(told_at + 6 * HOUR, "insurer_answers", leg.key, refuses="not_shown")
    story = {
        "category": "damaged",
        "wish": "part_refund",
        "claim_share": 0.5,
        "subject": "保险公司拒赔，灯罩确实裂了",
        "text": "理赔被以“未能证明”拒绝，只看了外箱的照片。补上裂纹的照片，请平台判断。",
        "field": "",
        "evidence": ["evidence-crack.webp", "evidence-box.webp"],
    }
    goods = leg.goods[0].key
    script.add(
        told_at + 10 * HOUR, "contest_refusal", f"cover:{leg.key}", order=leg.key, goods=goods, story=story
    )

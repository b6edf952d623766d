"""Inspections for tests: drawn into the plan of their month, then on through the use cases."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.ids import new_id
from merchants import inspecting, inspection_plan
from merchants.inspecting import Seen
from merchants.models import Inspection, Merchant
from tests.builders.orders import drain
from tests.privacy.pictures import a_jpeg_upload

SEEN = Seen(
    "cn.return.window", "三件商品页写着“不支持退货”，品类并不例外。", "改掉这三页，恢复七天无理由退货。"
)


def an_inspection(
    merchant: Merchant,
    *,
    at: datetime,
    found: bool = False,
    answered: bool = False,
    evidence: bool = False,
    actor: Actor | None = None,
) -> Inspection:
    """Planned, or further on; a shop without a reason of its own gets one by points."""
    inspection = _planned(merchant, at)
    if found or answered:
        uploads = [a_jpeg_upload("page.jpg")] if evidence else []
        inspecting.record(
            inspection_id=inspection.pk,
            scope="商品页与退货条款",
            findings=[SEEN],
            uploads=uploads,
            actor=actor or Actor.staff(new_id()),
            at=at,
        )
        drain(at=at)
    if answered:
        inspecting.answer(
            inspection_id=inspection.pk,
            merchant_id=merchant.pk,
            text="三页都改好了。",
            actor=Actor.member(new_id(), merchant.pk),
            at=at,
        )
    return Inspection.objects.select_related("merchant").get(pk=inspection.pk)


def _planned(merchant: Merchant, at: datetime) -> Inspection:
    """In the month's plan, by risk or by hand."""
    inspection_plan.draw(actor=Actor.system(), at=at)
    if (there := Inspection.objects.filter(merchant=merchant).first()) is not None:
        return there
    return inspection_plan.add(merchant_id=merchant.pk, reason="买家来信", actor=Actor.staff(new_id()), at=at)

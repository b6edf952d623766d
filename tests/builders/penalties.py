"""Penalties for tests, through the use cases."""

from __future__ import annotations

from datetime import datetime

from accounts import joint_acts
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import appeals, penalties
from merchants.models import Merchant, Penalty
from tests.builders.orders import drain


def a_finding(
    points: int = 3, *, urgent: bool = False, rule_id: str = "cn.return.window"
) -> penalties.Finding:
    return penalties.Finding(rule_id, "拒收七天无理由退货三次。", "屡次违反，计入处罚。", points, urgent)


def a_penalty(
    merchant: Merchant,
    *,
    at: datetime,
    points: int = 3,
    urgent: bool = False,
    actor: Actor | None = None,
    second: Actor | None = None,
) -> Penalty:
    """With `second` it is confirmed at once, if it takes two."""
    made = penalties.impose(
        merchant_id=merchant.pk,
        finding=a_finding(points, urgent=urgent),
        actor=actor or Actor.staff(new_id()),
        at=at,
    )
    if second is not None:
        act = next(one for one in joint_acts.waiting(at=at) if one.kind == "merchants.penalty")
        joint_acts.confirm(act_id=act.pk, actor=second, at=at)
    return Penalty.objects.get(pk=made.pk)


def overturned(shop: Merchant, penalty: Penalty, *, at: datetime) -> None:
    """The shop appeals, and another reviewer finds for it."""
    appeal = appeals.file(
        merchant_id=shop.pk,
        about="penalty",
        reference=penalty.pk,
        text="新证据",
        actor=Actor.member(new_id(), shop.pk),
        at=at,
    )
    appeals.decide(appeal_id=appeal.pk, upheld=True, reasons="证据成立", actor=Actor.staff(new_id()), at=at)
    drain(at=at)

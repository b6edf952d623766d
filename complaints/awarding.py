"""What the law gives a buyer on top of the price, when the platform finds fraud or unsafe food.

The deciding person finds the ground; the sum is the law's, neither more nor less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from complaints import limits
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from kernel.money import Money, total
from law.compensation import Compensation, compensation
from law.private_sellers import trader_rules
from orders import dispute_wait
from payments.awards import owing
from payments.lifecycle import AwardCause
from payments.models import Award
from rulebook import current


class Ground(StrEnum):
    """Why something is owed on top; the value is the law pack's own name for the rule's part."""

    FRAUD = "fraud"
    UNSAFE_FOOD = "unsafe_food"


GROUND_WORDS = {
    Ground.FRAUD: N_("The shop deceived the buyer"),
    Ground.UNSAFE_FOOD: N_("The shop knew that the food was unsafe"),
}


class GroundUnfit(Invalid):
    code = "award_ground_unfit"
    message = N_("The law of this order gives nothing on top for that. Choose another ground, or none.")


class GroundRefused(Invalid):
    code = "award_ground_refused"
    message = N_("A ruling that isn't upheld gives nothing on top. Uphold it, or choose no ground.")


class LossUnfit(Invalid):
    code = "award_loss_unfit"
    message = N_("A loss is a sum above zero with what shows it, and only where the law counts it.")


class SumNotSeen(Invalid):
    code = "award_sum_not_seen"
    message = N_("The law gives %(sum)s on top. Look at how it is reckoned, then sign again.")


@dataclass(frozen=True, slots=True)
class OnTop:
    """What was found: the ground, a loss with what shows it, and the sum that the deciding person saw."""

    ground: Ground
    seen: Money
    loss: Money | None = None
    loss_shown: str = ""


def price_of(complaint: Complaint) -> Money:
    """What the disputed goods cost, whatever of it went back since."""
    lines = [complaint.line] if complaint.line else complaint.order.lines.all()
    return total((line.goods_paid for line in lines), complaint.currency)


def grounds(complaint: Complaint) -> list[Ground]:
    """Those that the order's law pack has a rule with a sum for, against this kind of seller."""
    return [ground for ground in Ground if _rule_of(complaint, ground) is not None]


def reckon(complaint: Complaint, ground: Ground, loss: Money | None = None) -> Compensation:
    """By the law of the day of the order.

    :raises GroundUnfit: where it gives nothing
    :raises LossUnfit: for a loss that the rule doesn't count, or of nothing
    """
    rule_id = _rule_of(complaint, ground)
    if rule_id is None:
        raise GroundUnfit(field="ground")
    pack, at = current.pack(complaint.order.place, complaint.order.placed_at), complaint.order.placed_at
    found = compensation(pack=pack, rule_id=rule_id, price=price_of(complaint), at=at, loss=loss)
    if loss is not None and (not loss or not found.loss_multiple):
        raise LossUnfit(field="loss")
    return found


def require_fit(complaint: Complaint, on_top: OnTop, *, upheld: bool) -> Compensation:
    """:raises GroundRefused, GroundUnfit, LossUnfit, SumNotSeen: nothing is changed then"""
    if not upheld:
        raise GroundRefused(field="ground")
    found = reckon(complaint, on_top.ground, on_top.loss)
    if on_top.loss is not None and not on_top.loss_shown.strip():
        raise LossUnfit(field="loss_shown")
    if on_top.seen != found.extra:
        raise SumNotSeen(field="ground", sum=found.extra.decimal_text)
    return found


def grant(complaint: Complaint, found: Compensation, *, actor: Actor, at: datetime) -> Award | None:
    """Owed and paid in the step of the ruling; a dispute over the order's money comes first."""
    return owing.owe(
        order_id=complaint.order_id,
        merchant_id=complaint.merchant_id,
        subject_id=complaint.subject_id,
        cause=AwardCause.RULING,
        cause_id=complaint.pk,
        reckoned=found,
        waits=dispute_wait.is_waiting(complaint.order_id),
        actor=actor,
        at=at,
    )


def of_case(complaint: Complaint) -> list[Award]:
    return list(Award.objects.filter(cause=AwardCause.RULING, cause_id=complaint.pk))


def said_of_loss(on_top: OnTop) -> str:
    """What shows the loss, to stand with what was found."""
    return limits.clean_text(on_top.loss_shown) if on_top.loss is not None else ""


def _rule_of(complaint: Complaint, ground: Ground) -> str | None:
    order = complaint.order
    pack = current.pack(order.place, order.placed_at)
    rule_id = pack.roles.get(ground)
    if rule_id is None or (order.by_person and rule_id in trader_rules(pack)):
        return None
    remedy = pack.rule(rule_id, order.placed_at).remedy
    return rule_id if remedy is not None and remedy.currency == order.currency else None

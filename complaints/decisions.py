"""The platform's ruling: facts, reasons, rules and a sum, executed in the same step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import awarding, deadlines, limits, remedies
from complaints.awarding import OnTop
from complaints.events import ComplaintDecided
from complaints.lifecycle import move
from complaints.models import Complaint, Decision, Outcome
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import Money
from law.compensation import Compensation
from law.private_sellers import trader_rules
from rulebook import current


class RuleUnknown(Invalid):
    code = "rule_unknown"
    message = N_("“%(rule)s” is not a rule of the law pack that this order was made under.")


class RuleBindsTraders(Invalid):
    code = "rule_binds_traders"
    message = N_("“%(rule)s” binds traders, and a private person sold this. Rest the ruling on other rules.")


class RulesMissing(Invalid):
    code = "rules_missing"
    message = N_("Name at least one rule that the ruling rests on.")


class AmountUnfit(Invalid):
    code = "amount_unfit"
    message = N_(
        "The sum doesn't fit the ruling: upheld pays %(claimed)s, partly less than that, refused nothing."
    )


class PartyMayNotDecide(DomainError):
    code = "party_may_not_decide"
    message = N_("You are a party to this case or act for the shop. Leave it to a colleague.")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the reviewer writes; `facts` and `reasons` are read by both sides."""

    outcome: Outcome
    amount: Money
    facts: str
    reasons: str
    rule_ids: Sequence[str]
    # What the law gives beyond the price, where the platform found its ground.
    on_top: OnTop | None = None


@transaction.atomic
def decide(*, complaint_id: UUID, ruling: Ruling, actor: Actor, at: datetime) -> Decision:
    """Rule on a case; the buyer is paid and the order let go in the same transaction.

    :raises PartyMayNotDecide, RulesMissing, RuleUnknown, RuleBindsTraders: nothing is changed then
    :raises AmountUnfit, TextMissing: neither then
    :raises GroundRefused, GroundUnfit, LossUnfit, SumNotSeen: what is owed on top isn't the law's
    """
    complaint = Complaint.objects.locked(complaint_id)
    reviewer = _reviewer(complaint, actor)
    found = _found_on_top(complaint, ruling)
    ruling = _with_its_rule(ruling, found)
    _require_fit(complaint, ruling)
    decision = _write(complaint, ruling, reviewer, at)
    deadlines.end_all(complaint, at=at)
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    fact = ComplaintDecided(
        *parts, str(ruling.outcome), ruling.amount.minor, complaint.claimed_minor, complaint.unanswered
    )
    proof = {
        "outcome": str(ruling.outcome),
        "granted_minor": ruling.amount.minor,
        "facts": decision.facts,
        "reasons": decision.reasons,
        "rules": list(ruling.rule_ids),
    }
    amount = remedies.payable(complaint, ruling.amount)
    proof["paid_minor"] = amount.minor
    proof["on_top_minor"] = found.extra.minor if found else 0
    move(complaint, "decide", actor=actor, at=at, fact=fact, proof=proof, granted_minor=amount.minor)
    remedies.apply(complaint, amount=amount, actor=actor, at=at)
    if found is not None:
        awarding.grant(complaint, found, actor=actor, at=at)
    return decision


def _found_on_top(complaint: Complaint, ruling: Ruling) -> Compensation | None:
    if ruling.on_top is None:
        return None
    return awarding.require_fit(complaint, ruling.on_top, upheld=ruling.outcome != Outcome.REFUSED)


def _with_its_rule(ruling: Ruling, found: Compensation | None) -> Ruling:
    """The rule that gives the sum is one that the ruling rests on; what shows a loss is part of the facts."""
    if found is None or ruling.on_top is None:
        return ruling
    shown = awarding.said_of_loss(ruling.on_top)
    rules = [*ruling.rule_ids, *([found.rule_id] if found.rule_id not in ruling.rule_ids else [])]
    facts = "\n\n".join(part for part in (ruling.facts, shown) if part)
    return replace(ruling, rule_ids=rules, facts=facts)


def _reviewer(complaint: Complaint, actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound()
    acts_for_shop = complaint.merchant.memberships.filter(
        subject_id=actor.subject_id, ended_at__isnull=True
    ).exists()
    if actor.subject_id == complaint.subject_id or acts_for_shop:
        raise PartyMayNotDecide()
    return actor.subject_id


def _require_fit(complaint: Complaint, ruling: Ruling) -> None:
    pack = current.pack(complaint.order.place, complaint.order.placed_at)
    if not ruling.rule_ids:
        raise RulesMissing()
    known = {rule.id for rule in pack.rules}
    for rule_id in ruling.rule_ids:
        if rule_id not in known:
            raise RuleUnknown(rule=rule_id)
        if complaint.order.by_person and rule_id in trader_rules(pack):
            raise RuleBindsTraders(rule=rule_id)
    zero, claimed = Money.zero(complaint.currency), complaint.claimed
    fits = {
        Outcome.UPHELD: ruling.amount == claimed,
        Outcome.PARTLY: zero < ruling.amount < claimed,
        Outcome.REFUSED: ruling.amount == zero,
    }
    if not fits[ruling.outcome]:
        raise AmountUnfit(claimed=claimed.decimal_text)


def _write(complaint: Complaint, ruling: Ruling, reviewer: UUID, at: datetime) -> Decision:
    decision = Decision(
        complaint=complaint,
        subject_id=complaint.subject_id,
        outcome=ruling.outcome,
        amount_minor=ruling.amount.minor,
        rule_ids=list(ruling.rule_ids),
        decided_by=reviewer,
        at=at,
    )
    decision.facts = limits.clean_text(ruling.facts)
    decision.reasons = limits.clean_text(ruling.reasons)
    decision.save(force_insert=True)
    return decision

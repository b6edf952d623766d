"""Penalties in steps: found, announced, answered, weighed; none takes effect unheard unless it is urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts import joint_acts
from accounts.joint_acts import Signed
from accounts.joint_acts import Step as JointStep
from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, IllegalMove, Invalid, NotFound
from merchants import ladder, parties, penalty_effects
from merchants import penalty_deadlines as deadlines
from merchants.events import PenaltyDropped, PenaltyNoticed
from merchants.models import Merchant, Penalty
from merchants.moving import ReasonMissing, leaf
from merchants.penalty_lifecycle import BY_TWO, PENALTY, PenaltyState, Step
from merchants.penalty_moves import locked, move
from outbox import bus
from rulebook import current, policies

TEXT_LIMIT = 2000
NOT_WEIGHED = N_("The platform didn't weigh the shop's answer in time, so the penalty fell away.")


class PenaltyUnfounded(Invalid):
    code = "penalty_unfounded"
    message = N_(
        "Say what happened, under which rule, and why this follows. The shop and the public read it."
    )


class PenaltyRuleUnknown(Invalid):
    code = "penalty_rule_unknown"
    message = N_("There is no rule “%(rule)s”. Take its id from the rules library.")


class PointsUnfit(Invalid):
    code = "penalty_points_unfit"
    message = N_("Give between 1 and %(most)s points.")


class AnswerMissing(Invalid):
    code = "penalty_answer_missing"
    message = N_("Write your answer: what happened from your side, and what you have put right.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the rule broken, the facts, why the points are right; urgent ones don't wait."""

    rule_id: str
    facts: str
    reasons: str
    points: int
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Confirm(JointStep):
    """The second person behind a penalty that takes a shop off sale."""

    kind: ClassVar[str] = "merchants.penalty"
    permission: ClassVar[str] = "merchants.impose_penalty"
    words: ClassVar[str] = N_("Take a shop off sale as a penalty")

    penalty_id: UUID


@transaction.atomic
def impose(*, merchant_id: UUID, finding: Finding, actor: Actor, at: datetime) -> Penalty:
    """Write the penalty down; the ladder says what step the quarter's points lead to.

    A warning counts at once. All else is announced first, and what takes a shop off sale waits for a
    second person before that.
    :raises PenaltyUnfounded, PenaltyRuleUnknown, PointsUnfit, PartyMayNotAct: nothing is written then
    """
    merchant = Merchant.objects.locked(merchant_id)
    parties.refuse_party(merchant_id=merchant.pk, actor=actor)
    rungs = ladder.ladder(at)
    checked = _checked(finding, rungs, at)
    before = ladder.points(merchant.pk, at=at)
    penalty = Penalty.objects.create(
        merchant=merchant,
        subject_id=merchant.subject_id,
        rule_id=checked.rule_id,
        facts=checked.facts,
        reasons=checked.reasons,
        points=checked.points,
        sum_before=before,
        step=str(rungs.step(before + checked.points)),
        ladder=f"{rungs.rule_id} {rungs.version}",
        urgent=checked.urgent,
        imposed_by=_staff(actor),
        imposed_at=at,
    )
    proof = {"penalty": str(penalty.pk), "rule": penalty.rule_id, "points": penalty.points}
    leaf(merchant, "penalty", {**proof, "facts": penalty.facts, "reasons": penalty.reasons}, at)
    if penalty.step in BY_TWO:
        joint_acts.propose(step=Confirm(penalty.pk), actor=actor, at=at)
    else:
        _announce(penalty, actor=actor, at=at)
    return penalty


def confirm(step: Confirm, signed: Signed, at: datetime) -> Penalty:
    """The second person's part; the joint act has checked that it is another one."""
    penalty = locked(step.penalty_id)
    for person in (signed.proposed_by, signed.confirmed_by):
        parties.refuse_party(merchant_id=penalty.merchant_id, actor=Actor.staff(person))
    penalty.confirmed_by = signed.confirmed_by
    penalty.save(update_fields=["confirmed_by"])
    _announce(penalty, actor=signed.actor, at=at)
    return penalty


@transaction.atomic
def answer(*, penalty_id: UUID, merchant_id: UUID, text: str, actor: Actor, at: datetime) -> Penalty:
    """The shop is heard before anything takes effect; now it is the platform's turn.

    :raises AnswerMissing: :raises TooLate: :raises IllegalMove: answered before, or in force already
    """
    penalty = locked(penalty_id)
    if penalty.merchant_id != merchant_id:
        raise NotFound
    PENALTY.target(penalty.state, "answer")
    booking.require_in_time(kind=deadlines.PENALTY_ANSWER, reference=penalty.pk, at=at)
    words = text.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise AnswerMissing(field="text")
    penalty.answer = words
    move(penalty, "answer", actor=actor, at=at, answer=penalty.answer, answered_at=at)
    booking.meet(kind=deadlines.PENALTY_ANSWER, reference=penalty.pk, at=at)
    deadlines.start_hearing(penalty, at=at)
    return penalty


@transaction.atomic
def uphold(*, penalty_id: UUID, actor: Actor, at: datetime) -> Penalty:
    """The answer was weighed and the penalty takes effect."""
    penalty = locked(penalty_id)
    parties.refuse_party(merchant_id=penalty.merchant_id, actor=actor)
    if penalty.state != PenaltyState.ANSWERED:
        raise IllegalMove(aggregate="penalty", move="uphold", state=penalty.state)
    booking.meet(kind=deadlines.PENALTY_HEARING, reference=penalty.pk, at=at)
    penalty_effects.take_effect(penalty, actor=actor, at=at)
    return penalty


@transaction.atomic
def drop(*, penalty_id: UUID, reason: str, actor: Actor, at: datetime) -> Penalty:
    """Take a penalty back before it takes effect; its points count no more.

    :raises ReasonMissing: :raises IllegalMove: it is in force already
    """
    if not reason.strip():
        raise ReasonMissing
    penalty = locked(penalty_id)
    parties.refuse_party(merchant_id=penalty.merchant_id, actor=actor)
    _drop(penalty, reason=reason.strip(), actor=actor, at=at)
    return penalty


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The shop kept silent: what was announced takes effect."""
    penalty = locked(reference)
    if penalty.state == PenaltyState.NOTICED:
        penalty_effects.take_effect(penalty, actor=Actor.system(), at=at)


@transaction.atomic
def on_hearing_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The platform kept silent on an answer: the penalty falls away, and the public figures say so."""
    penalty = locked(reference)
    if penalty.state == PenaltyState.ANSWERED:
        _drop(penalty, reason=NOT_WEIGHED, actor=Actor.system(), at=at)


def of_shop(merchant_id: UUID) -> list[Penalty]:
    """What the shop was told of, the newest first."""
    found = Penalty.objects.filter(merchant_id=merchant_id).exclude(state=PenaltyState.PROPOSED)
    told = found.exclude(state=PenaltyState.DROPPED, noticed_at=None)
    return list(told.order_by("-imposed_at", "-id"))


def _announce(penalty: Penalty, *, actor: Actor, at: datetime) -> None:
    if penalty.urgent or penalty.step == Step.WARNING:
        penalty_effects.take_effect(penalty, actor=actor, at=at)
        return
    move(penalty, "notice", actor=actor, at=at, noticed_at=at)
    deadlines.start_answer(penalty, at=at)
    bus.publish(PenaltyNoticed(penalty.pk, penalty.merchant_id), at=at)


def _drop(penalty: Penalty, *, reason: str, actor: Actor, at: datetime) -> None:
    move(penalty, "drop", actor=actor, at=at, ended_at=at, why_ended=reason)
    booking.cancel(kind=deadlines.PENALTY_ANSWER, reference=penalty.pk, at=at)
    booking.meet(kind=deadlines.PENALTY_HEARING, reference=penalty.pk, at=at)
    bus.publish(PenaltyDropped(penalty.pk, penalty.merchant_id), at=at)


def _checked(finding: Finding, rungs: ladder.Ladder, at: datetime) -> Finding:
    rule, facts, reasons = finding.rule_id.strip(), finding.facts.strip(), finding.reasons.strip()
    most = rungs.tiers[-1][0]
    if not rule or not facts or not reasons:
        raise PenaltyUnfounded
    if not is_known(rule, at):
        raise PenaltyRuleUnknown(field="rule_id", rule=rule)
    if not 1 <= finding.points <= most:
        raise PointsUnfit(field="points", most=most)
    return Finding(rule, facts[:TEXT_LIMIT], reasons[:TEXT_LIMIT], finding.points, finding.urgent)


def is_known(rule_id: str, at: datetime) -> bool:
    """A rule of a law pack, or one of the platform's policies ("policy.…")."""
    name = rule_id.removeprefix("policy.")
    if name != rule_id:
        return any(each.name == name for each in policies.rows(name.split(".")[0], at))
    return current.rules_by_id(rule_id, at) is not None


def _staff(actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound
    return actor.subject_id

"""A person decides a matter with reasons; serious steps wait for a second one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction

from accounts import joint_acts
from accounts.joint_acts import Signed
from accounts.joint_acts import Step as JointStep
from catalog import suspension
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import ladder, parties, penalties
from oversight import deadlines
from oversight.events import MatterClosed
from oversight.lifecycle import move, prove
from oversight.models import Look, Matter, Report, Ruling
from oversight.states import AGAINST_THE_SHOP, BY_A_RULE, MATTER, RULINGS, Authority, MatterState
from privacy import access_record

PURPOSE = "oversight.matter"
SEALED = ("oversight.Report.words", "oversight.Report.about", "oversight.Report.contact")
ANSWER = ("oversight.Matter.answer",)
TEXT_LIMIT, LOOK_LENGTH, RECORD_LENGTH, SHORTEST = 2000, 200, 200, 4
# At most as many reports are opened at once; a thousand say no more than these.
MOST_OPENED = 20


class LookWithoutReason(Invalid):
    code = "matter_look_without_reason"
    message = N_("Write why you need to read it: whoever reported can ask who read what, and why.")


class NotOpenedYet(DomainError):
    code = "matter_not_opened"
    message = N_("Open the reports first: nobody decides about what they haven't read.")


class HearTheShopFirst(DomainError):
    code = "matter_hear_first"
    message = N_("Ask the shop first; only what is urgent is decided unheard.")


class RulingUnfounded(Invalid):
    code = "ruling_unfounded"
    message = N_(
        "Write the reasons and, for any measure, the rule: the reporter, the shop and the public read them."
    )


class RuleUnknown(Invalid):
    code = "ruling_rule_unknown"
    message = N_("There is no rule “%(rule)s”. Take its id from the rules library.")


class AuthorityMissing(Invalid):
    code = "ruling_authority_missing"
    message = N_("Say to which authority it goes, and when and under which number it was handed over.")


class NothingToActOn(DomainError):
    code = "ruling_nothing_to_act_on"
    message = N_("This matter names no offer or shop that this could be done to. Decide it otherwise.")


class ReporterMayNotAct(DomainError):
    code = "reporter_may_not_act"
    message = N_("You reported this yourself. Leave it to a colleague.")


@dataclass(frozen=True, slots=True)
class Decided:
    """What the desk found. `points` only with penalty points, the last two only with a hand-over."""

    outcome: str
    reasons: str
    rule_id: str = ""
    points: int = 0
    authority: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Confirm(JointStep):
    """The second person behind a hand-over, or behind finding nothing where somebody may be in danger."""

    kind: ClassVar[str] = "oversight.ruling"
    permission: ClassVar[str] = "oversight.decide_matter"
    words: ClassVar[str] = N_(
        "Hand a matter over to an authority, or clear one that was reported as dangerous"
    )

    ruling_id: UUID


@transaction.atomic
def open_reports(*, matter_id: UUID, reason: str, actor: Actor, at: datetime) -> list[Report]:
    """The reports of a matter, each look on record with its reason.

    :raises NotFound: :raises LookWithoutReason: :raises PartyMayNotAct:
    """
    matter = Matter.objects.locked(matter_id)
    _refuse_party(matter, actor)
    why = " ".join(reason.split())[:LOOK_LENGTH]
    if len(why) < SHORTEST:
        raise LookWithoutReason(field="why")
    Look.objects.create(matter=matter, actor=str(actor), reason=why, at=at)
    found = matter.reports.order_by("made_at", "id").prefetch_related("files__file")[:MOST_OPENED]
    opened = list(found)
    for each in opened:
        access_record.record(actor=actor, subject_id=each.subject_id, purpose=PURPOSE, fields=SEALED, at=at)
    if matter.answered_at is not None and matter.shop_subject_id is not None:
        access_record.record(
            actor=actor, subject_id=matter.shop_subject_id, purpose=PURPOSE, fields=ANSWER, at=at
        )
    return opened


@transaction.atomic
def decide(*, matter_id: UUID, decided: Decided, actor: Actor, at: datetime) -> Ruling:
    """Rule on it: at once, or as a proposal where two must stand behind it.

    :raises NotOpenedYet, HearTheShopFirst, RulingUnfounded, RuleUnknown, AuthorityMissing, NothingToActOn:
    :raises PartyMayNotAct: :raises IllegalMove: closed already; and what suspending or penalising refuses
    """
    matter = Matter.objects.locked(matter_id)
    _refuse_party(matter, actor)
    told = _checked(matter, decided, actor, at=at)
    ruling = Ruling.objects.create(
        matter=matter,
        outcome=told.outcome,
        reasons=told.reasons,
        rule_id=told.rule_id,
        points=told.points,
        authority=told.authority,
        record=told.record,
        by_two=takes_two(matter, told.outcome),
        proposed_by=_staff(actor),
        proposed_at=at,
    )
    if ruling.by_two:
        joint_acts.propose(step=Confirm(ruling.pk), actor=actor, at=at)
    else:
        _take_effect(matter, ruling, actor=actor, at=at)
    return ruling


def confirm(step: Confirm, signed: Signed, at: datetime) -> Ruling:
    """The second person's part; the joint act has checked that it is another one."""
    ruling = Ruling.objects.select_related("matter").get(pk=step.ruling_id)
    matter = Matter.objects.locked(ruling.matter_id)
    for person in (signed.proposed_by, signed.confirmed_by):
        _refuse_party(matter, Actor.staff(person))
    ruling.confirmed_by = signed.confirmed_by
    _take_effect(matter, ruling, actor=signed.actor, at=at)
    return ruling


def takes_two(matter: Matter, outcome: str) -> bool:
    """Handing over, and finding nothing where somebody may be hurt."""
    return outcome == MatterState.HANDED_OVER or (matter.urgent and outcome == MatterState.NO_VIOLATION)


def ruling_of(matter: Matter) -> Ruling | None:
    """The one in force."""
    return matter.rulings.filter(in_force_at__isnull=False).first()


def proposed(matter: Matter) -> Ruling | None:
    """The newest that waits for a second person."""
    if not matter.is_running:
        return None
    return matter.rulings.filter(in_force_at__isnull=True).order_by("-proposed_at", "-id").first()


def _take_effect(matter: Matter, ruling: Ruling, *, actor: Actor, at: datetime) -> None:
    fact = MatterClosed(matter.pk, ruling.outcome)
    move(matter, RULINGS[ruling.outcome], actor=actor, at=at, fact=fact)
    ruling.in_force_at = at
    if ruling.outcome == MatterState.SUSPENDED and matter.listing_id is not None:
        suspension.suspend(
            listing_id=matter.listing_id, reason=ruling.reasons, rule_id=ruling.rule_id, actor=actor, at=at
        )
    if ruling.outcome == MatterState.POINTS and matter.merchant_id is not None:
        finding = penalties.Finding(
            ruling.rule_id, ruling.reasons, ruling.reasons, ruling.points, urgent=matter.urgent
        )
        ruling.penalty = penalties.impose(merchant_id=matter.merchant_id, finding=finding, actor=actor, at=at)
    ruling.save(update_fields=["in_force_at", "confirmed_by", "penalty"])
    prove(matter, "ruling", {"outcome": ruling.outcome, "reasons": ruling.reasons}, at=at)
    deadlines.close(matter, at=at)


def _checked(matter: Matter, decided: Decided, actor: Actor, *, at: datetime) -> Decided:
    outcome, reasons, rule = decided.outcome, decided.reasons.strip(), decided.rule_id.strip()
    if outcome not in RULINGS:
        raise NotFound
    MATTER.target(matter.state, RULINGS[outcome])
    if not matter.looks.filter(actor=str(actor)).exists():
        raise NotOpenedYet
    if outcome in AGAINST_THE_SHOP and matter.state != MatterState.ANSWERED and not matter.urgent:
        raise HearTheShopFirst
    if len(reasons) < SHORTEST or (outcome in BY_A_RULE and not rule):
        raise RulingUnfounded(field="reasons")
    if rule and not penalties.is_known(rule, at):
        raise RuleUnknown(field="rule_id", rule=rule)
    return _fitting(matter, replace(decided, reasons=reasons[:TEXT_LIMIT], rule_id=rule), at=at)


def _fitting(matter: Matter, told: Decided, *, at: datetime) -> Decided:
    """What belongs to another outcome is dropped; what this one needs must be there."""
    outcome, record = told.outcome, told.record.strip()[:RECORD_LENGTH]
    if outcome == MatterState.SUSPENDED and matter.listing_id is None:
        raise NothingToActOn
    if outcome == MatterState.HANDED_OVER:
        if told.authority not in list(Authority) or not record:
            raise AuthorityMissing(field="authority")
        return replace(told, points=0, record=record)
    if outcome == MatterState.POINTS:
        _check_points(matter, told, at)
        return replace(told, authority="", record="")
    return replace(told, points=0, authority="", record="")


def _check_points(matter: Matter, told: Decided, at: datetime) -> None:
    if matter.merchant_id is None:
        raise NothingToActOn
    most = ladder.ladder(at).tiers[-1][0]
    if not 1 <= told.points <= most:
        raise penalties.PointsUnfit(field="points", most=most)


def _refuse_party(matter: Matter, actor: Actor) -> None:
    """Who acts for the shop, or reported it themselves, leaves it to a colleague."""
    if matter.merchant_id is not None:
        parties.refuse_party(merchant_id=matter.merchant_id, actor=actor)
    if actor.subject_id is not None and matter.reports.filter(subject_id=actor.subject_id).exists():
        raise ReporterMayNotAct


def _staff(actor: Actor) -> UUID:
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound
    return actor.subject_id

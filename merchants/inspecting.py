"""Supervision step by step: looked at, put right or not, looked at again, and never forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import inspection_deadlines as deadlines
from merchants import parties, penalties
from merchants.events import InspectionEnded, InspectionFound, InspectionOverdue
from merchants.inspection_lifecycle import INSPECTION, TOLD, InspectionState
from merchants.inspection_moves import keep, locked, move, staff_of, words_of
from merchants.models import Inspection, InspectionFile, InspectionFinding
from outbox import bus

MOST_FINDINGS = 10


class VerdictMissing(Invalid):
    code = "inspection_verdict_missing"
    message = N_("Say of each finding whether it is put right.")


class NotAllRight(DomainError):
    code = "inspection_not_all_right"
    message = N_("Not everything is put right. It goes on as a penalty, which a colleague imposes.")


class AllRight(DomainError):
    code = "inspection_all_right"
    message = N_("Everything is put right, so there is nothing to punish. Close the inspection.")


class SameInspector(DomainError):
    code = "same_inspector"
    message = N_("You inspected this shop yourself. A colleague decides whether a penalty follows.")


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding: the rule, the facts, and what the shop has to do."""

    rule_id: str
    facts: str
    remedy: str


@transaction.atomic
def record(
    *,
    inspection_id: UUID,
    scope: str,
    findings: Sequence[Seen],
    actor: Actor,
    at: datetime,
    uploads: Sequence[UploadedFile[bytes]] = (),
) -> Inspection:
    """Write down what was looked at and found; the shop's time to put it right starts.

    :raises InspectionTextMissing, PenaltyRuleUnknown, TooManyInspectionFiles: with the field to change
    :raises PartyMayNotAct: the actor acts for the shop :raises IllegalMove: it was inspected already
    """
    inspection, inspector = locked(inspection_id), staff_of(actor)
    parties.refuse_party(merchant_id=inspection.merchant_id, actor=actor)
    name = "find" if findings else "pass_clean"
    INSPECTION.target(inspection.state, name)
    checked = [_checked(each, at) for each in findings[:MOST_FINDINGS]]
    done = {"scope": words_of(scope, "scope"), "inspected_at": at, "inspected_by": inspector}
    keep(inspection, uploads, by_shop=False, actor=actor, at=at)
    InspectionFinding.objects.bulk_create(
        InspectionFinding(
            inspection=inspection, position=place, rule_id=each.rule_id, facts=each.facts, remedy=each.remedy
        )
        for place, each in enumerate(checked, start=1)
    )
    if not findings:
        move(inspection, name, actor, at, **done, closed_at=at, closed_by=inspector, outcome=done["scope"])
        deadlines.end(inspection, at=at)
        bus.publish(InspectionEnded(inspection.pk, inspection.merchant_id, inspection.state), at=at)
        return inspection
    move(inspection, name, actor, at, **done)
    deadlines.start_rectifying(inspection, at=at)
    bus.publish(InspectionFound(inspection.pk, inspection.merchant_id), at=at)
    return inspection


@transaction.atomic
def answer(
    *,
    inspection_id: UUID,
    merchant_id: UUID,
    text: str,
    actor: Actor,
    at: datetime,
    uploads: Sequence[UploadedFile[bytes]] = (),
) -> Inspection:
    """The shop says what it has put right and shows it; now it is the platform's turn.

    :raises InspectionTextMissing, TooManyInspectionFiles: :raises TooLate: :raises IllegalMove:
    :raises NotFound: another shop's, or one the shop isn't told of
    """
    inspection = locked(inspection_id)
    if inspection.merchant_id != merchant_id or inspection.state not in TOLD:
        raise NotFound
    INSPECTION.target(inspection.state, "answer")
    booking.require_in_time(kind=deadlines.RECTIFY, reference=inspection.pk, at=at)
    words = words_of(text, "text")
    keep(inspection, uploads, by_shop=True, actor=actor, at=at)
    move(inspection, "answer", actor, at, answer=words, answered_at=at)
    deadlines.start_review(inspection, at=at)
    return inspection


@transaction.atomic
def close(
    *, inspection_id: UUID, verdicts: dict[UUID, bool], outcome: str, actor: Actor, at: datetime
) -> Inspection:
    """Looked at again, and everything is put right.

    :raises VerdictMissing: :raises NotAllRight: nothing is written then :raises PartyMayNotAct:
    """
    inspection, closer = locked(inspection_id), staff_of(actor)
    parties.refuse_party(merchant_id=inspection.merchant_id, actor=actor)
    INSPECTION.target(inspection.state, "rectify")
    findings = _judged(inspection, verdicts)
    if not all(verdicts.values()):
        raise NotAllRight
    words = words_of(outcome, "outcome")
    _write(findings)
    move(inspection, "rectify", actor, at, closed_at=at, closed_by=closer, outcome=words)
    _over(inspection, at=at)
    return inspection


@transaction.atomic
def escalate(
    *,
    inspection_id: UUID,
    verdicts: dict[UUID, bool],
    outcome: str,
    points: int,
    actor: Actor,
    at: datetime,
) -> Inspection:
    """Looked at again and not put right: a colleague of the inspector imposes a penalty on the ladder.

    :raises SameInspector: :raises AllRight: :raises VerdictMissing: :raises PointsUnfit:
    :raises PartyMayNotAct: the actor acts for the shop
    """
    inspection, second = locked(inspection_id), staff_of(actor)
    INSPECTION.target(inspection.state, "escalate")
    if second == inspection.inspected_by:
        raise SameInspector
    findings = _judged(inspection, verdicts)
    left = [each for each in findings if not each.rectified]
    if not left:
        raise AllRight
    words = words_of(outcome, "outcome")
    facts = "\n".join(each.facts for each in left)[: penalties.TEXT_LIMIT]
    finding = penalties.Finding(rule_id=left[0].rule_id, facts=facts, reasons=words, points=points)
    penalty = penalties.impose(merchant_id=inspection.merchant_id, finding=finding, actor=actor, at=at)
    _write(findings)
    move(inspection, "escalate", actor, at, closed_at=at, closed_by=second, outcome=words, penalty=penalty)
    _over(inspection, at=at)
    return inspection


@transaction.atomic
def call_off(*, inspection_id: UUID, reason: str, actor: Actor, at: datetime) -> Inspection:
    """The shop has left, or the plan was wrong about it; why stays on record.

    :raises InspectionTextMissing: :raises IllegalMove: it was inspected already
    """
    inspection, closer = locked(inspection_id), staff_of(actor)
    parties.refuse_party(merchant_id=inspection.merchant_id, actor=actor)
    INSPECTION.target(inspection.state, "call_off")
    words = words_of(reason, "outcome")
    move(inspection, "call_off", actor, at, closed_at=at, closed_by=closer, outcome=words)
    deadlines.end(inspection, at=at)
    return inspection


@transaction.atomic
def on_rectify_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The shop kept silent: the platform looks again all the same."""
    inspection = locked(reference)
    if inspection.state == InspectionState.OPEN:
        move(inspection, "fall_silent", Actor.system(), at)
        deadlines.start_review(inspection, at=at)


@transaction.atomic
def on_platform_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The platform was too slow to look: a senior has it now, and the public figures say so."""
    inspection = locked(reference)
    if inspection.closed_at is None and not inspection.with_senior:
        inspection.with_senior = True
        inspection.save(update_fields=["with_senior"])
        bus.publish(InspectionOverdue(inspection.pk, inspection.merchant_id), at=at)


def of_shop(merchant_id: UUID) -> list[Inspection]:
    """What the shop was told of, the newest first; what is only planned isn't announced."""
    rows = Inspection.objects.filter(merchant_id=merchant_id, state__in=[str(one) for one in TOLD])
    return list(rows.prefetch_related("findings", "files__file").order_by("-inspected_at", "-id"))


def file_of_shop(*, merchant_id: UUID, file_id: UUID) -> InspectionFile:
    """:raises NotFound: unless it belongs to an inspection that this very shop was told of"""
    rows = InspectionFile.objects.select_related("file").filter(file_id=file_id)
    told = rows.filter(inspection__merchant_id=merchant_id, inspection__state__in=[str(one) for one in TOLD])
    if (found := told.first()) is None:
        raise NotFound
    return found


def _judged(inspection: Inspection, verdicts: dict[UUID, bool]) -> list[InspectionFinding]:
    findings = list(inspection.findings.order_by("position"))
    if {each.pk for each in findings} != set(verdicts):
        raise VerdictMissing(field="verdict")
    for each in findings:
        each.rectified = verdicts[each.pk]
    return findings


def _write(findings: Sequence[InspectionFinding]) -> None:
    for each in findings:
        each.save(update_fields=["rectified"])


def _over(inspection: Inspection, *, at: datetime) -> None:
    deadlines.end(inspection, at=at)
    bus.publish(InspectionEnded(inspection.pk, inspection.merchant_id, inspection.state), at=at)


def _checked(seen: Seen, at: datetime) -> Seen:
    rule = seen.rule_id.strip()
    found = Seen(rule, words_of(seen.facts, "facts"), words_of(seen.remedy, "remedy"))
    if not penalties.is_known(rule, at):
        raise penalties.PenaltyRuleUnknown(field="rule_id", rule=rule[:80])
    return found

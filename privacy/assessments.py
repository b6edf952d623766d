"""Impact assessments: written by one, approved by another, in force until they must be looked at again."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from deadlines import booking
from evidence import log
from evidence.canonical import canonical
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from law import privacy as law_privacy
from outbox import bus
from privacy.events import AssessmentEnding
from privacy.models import AssessedKind, Assessment, AssessmentResult
from rulebook import current, policies, promises

REVIEW = "privacy.assessment_review"
WARN = "assessment.warn_days"
LASTS, LOOK_AGAIN = "assessment.lasts", "assessment.look_again"
KEEPING = "cn.privacy.assessment_retention"
LANGUAGES = ("en", "zh-hans")
BUNDLED = Path(__file__).parent / "data" / "assessments.toml"
TEXTS = ("processing", "necessity", "risks", "measures")


class OwnAssessment(DomainError):
    code = "privacy_own_assessment"
    message = N_("You wrote this one. A colleague has to approve it.")


class ApprovedBefore(DomainError):
    code = "privacy_assessment_approved"
    message = N_("This version was approved before, or a newer one took its place. Reload the page.")


class AssessmentIncomplete(Invalid):
    code = "privacy_assessment_incomplete"
    message = N_("Write all four texts in English and in Chinese.")


@dataclass(frozen=True, slots=True)
class Words:
    """The four texts, each by language."""

    processing: Mapping[str, str]
    necessity: Mapping[str, str]
    risks: Mapping[str, str]
    measures: Mapping[str, str]

    @property
    def complete(self) -> bool:
        texts = (getattr(self, name) for name in TEXTS)
        return all(text.get(language, "").strip() for text in texts for language in LANGUAGES)


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of processing, its newest version, and whether one is in force."""

    kind: AssessedKind
    newest: Assessment | None
    in_force: bool
    counts: Assessment | None = None
    ends_soon: bool = False

    @property
    def needs_somebody(self) -> bool:
        """None in force, or the one in force ends within the policy's days."""
        return not self.in_force or self.ends_soon


@transaction.atomic
def write(
    *, kind: AssessedKind, words: Words, result: AssessmentResult, actor: Actor, at: datetime
) -> Assessment:
    """A new version, which counts once a colleague approved it. :raises AssessmentIncomplete:"""
    if not words.complete:
        raise AssessmentIncomplete()
    last = Assessment.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    texts = {name: dict(getattr(words, name)) for name in TEXTS}
    return Assessment.objects.create(
        kind=kind, version=last + 1, result=result, made_by=str(actor), made_at=at, **texts
    )


@transaction.atomic
def approve(*, assessment_id: UUID, actor: Actor, at: datetime) -> Assessment:
    """In force until its day; officers are told before that. :raises OwnAssessment: ApprovedBefore"""
    Assessment.objects.select_for_update().filter(pk=assessment_id).first()
    found = one(assessment_id)
    if not waits(found):
        raise ApprovedBefore()
    if found.made_by == str(actor):
        raise OwnAssessment()
    home = current.HOME
    kept = law_privacy.kept_until(
        pack=current.pack(home, at), calendar=current.calendar(home), rule_id=KEEPING, since=at, at=at
    )
    found.approved_by, found.approved_at = str(actor), at
    found.expires_at, found.keep_until = promises.due(LASTS, start=at, at=at).due_at, kept.due_at
    found.save(update_fields=["approved_by", "approved_at", "expires_at", "keep_until"])
    _look_again(found, at=at)
    said = {name: getattr(found, name) for name in ("kind", "version", "result", *TEXTS)}
    digest = hashlib.sha256(b"privacy.assessment.approve\0" + canonical(said)).digest()
    log.queue(label="privacy.assessment.approve", reference=found.pk, commitment=digest, at=at)
    return found


def _look_again(found: Assessment, *, at: datetime) -> None:
    """The clock of this version; those of older versions of its kind have nothing to remind of any more."""
    for older in Assessment.objects.filter(kind=found.kind).exclude(pk=found.pk):
        booking.meet(kind=REVIEW, reference=older.pk, at=at)
    window = promises.due(LOOK_AGAIN, start=at, at=at)
    booking.book(kind=REVIEW, reference=found.pk, at=at, **window.as_booking())


def on_review_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """It ends soon: officers have to weigh it again."""
    found = Assessment.objects.get(pk=reference)
    if found.expires_at is not None:
        bus.publish(AssessmentEnding(found.pk, found.kind, found.expires_at), at=at)


def one(assessment_id: UUID) -> Assessment:
    """:raises NotFound:"""
    found = Assessment.objects.filter(pk=assessment_id).first()
    if found is None:
        raise NotFound()
    return found


def waits(found: Assessment) -> bool:
    """Whether a second person may approve it: not approved, and no newer version."""
    newer = Assessment.objects.filter(kind=found.kind, version__gt=found.version)
    return found.approved_at is None and not newer.exists()


def in_force(kind: AssessedKind, at: datetime) -> bool:
    """Whether this kind of processing was weighed, approved, not stopped, and not too long ago."""
    return _counting(kind, at) is not None


def _counting(kind: AssessedKind, at: datetime) -> Assessment | None:
    approved = Assessment.objects.filter(kind=kind, approved_at__lte=at)
    newest = approved.order_by("-version").first()
    if newest is None or newest.result == AssessmentResult.STOPPED:
        return None
    return newest if newest.expires_at is not None and newest.expires_at > at else None


def standing(at: datetime) -> list[Standing]:
    """Every kind the law wants weighed, for the desks' warning and the privacy centre."""
    newest = {one.kind: one for one in Assessment.objects.order_by("version")}
    warned = at + timedelta(days=policies.number(WARN, at))
    found = []
    for kind in AssessedKind:
        counts = _counting(kind, at)
        ends_soon = counts is not None and counts.expires_at is not None and counts.expires_at <= warned
        found.append(Standing(kind, newest.get(kind), counts is not None, counts, ends_soon))
    return found


def concerns(at: datetime) -> list[Standing]:
    """Kinds of processing for which somebody has to weigh or approve something."""
    return [one for one in standing(at) if one.needs_somebody]


@transaction.atomic
def load_bundled(*, at: datetime) -> int:
    """First drafts for kinds without any version; officers approve them. Gives how many."""
    known = set(Assessment.objects.values_list("kind", flat=True))
    drafts = tomllib.loads(BUNDLED.read_text(encoding="utf-8"))["assessments"]
    for draft in (one for one in drafts if one["kind"] not in known):
        write(
            kind=AssessedKind(draft["kind"]),
            words=Words(*(draft[name] for name in TEXTS)),
            result=AssessmentResult(draft["result"]),
            actor=Actor.system(),
            at=at,
        )
    return sum(one["kind"] not in known for one in drafts)

"""Results of independent tests: entered by staff with source and method, corrected, removed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from catalog.models import Evaluation, Listing
from catalog.proof_kinds import EvaluatorKind
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from law.counting import local_day
from merchants import parties


class EvaluationIncomplete(Invalid):
    code = "evaluation_incomplete"
    message = N_("An evaluation says who tested what, how, with which result, and where one can read it.")


class EvaluationNotYet(Invalid):
    code = "evaluation_not_yet"
    message = N_("The day of the test lies in the future.")


class NothingToConfirm(Invalid):
    code = "evaluation_confirms_nothing"
    message = N_(
        "“%(field)s” can't be confirmed: only a laboratory does that, for a fact that this listing states."
    )


class EvaluationEnded(DomainError):
    code = "evaluation_ended"
    message = N_("This evaluation was corrected or removed already.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the source says, in its own words."""

    evaluator: str
    evaluator_kind: EvaluatorKind
    result: str
    method: str
    scope: str
    tested_on: date
    source_url: str
    # Keys of the stated facts that a laboratory's test confirms, as they stand on sale now.
    confirms: tuple[str, ...] = ()


@transaction.atomic
def enter(*, listing_id: UUID, finding: Finding, actor: Actor, at: datetime) -> Evaluation:
    """Put a result on the page of what was tested.

    :raises EvaluationIncomplete: :raises EvaluationNotYet: :raises PartyMayNotAct: :raises NotFound:
    :raises NothingToConfirm: naming the field
    """
    listing = Listing.objects.locked(listing_id)
    parties.refuse_party(merchant_id=listing.merchant_id, actor=actor)
    return _create(listing.pk, finding, actor=actor, at=at)


@transaction.atomic
def correct(*, evaluation_id: UUID, finding: Finding, reason: str, actor: Actor, at: datetime) -> Evaluation:
    """A new row in the place of the old one, which stays readable with the reason.

    :raises EvaluationEnded: :raises EvaluationIncomplete: also without a reason
    """
    old = _end(evaluation_id, reason, actor, at)
    return _create(old.listing_id, finding, actor=actor, at=at, corrects=old)


@transaction.atomic
def remove(*, evaluation_id: UUID, reason: str, actor: Actor, at: datetime) -> Evaluation:
    """:raises EvaluationEnded: :raises EvaluationIncomplete: without a reason"""
    return _end(evaluation_id, reason, actor, at)


def shown(listing_id: UUID) -> Sequence[Evaluation]:
    """What stands on the page, the newest test first."""
    rows = Evaluation.objects.filter(listing_id=listing_id, ended_at__isnull=True)
    return list(rows.order_by("-tested_on", "-id")[:20])


def _create(
    listing_id: UUID, finding: Finding, *, actor: Actor, at: datetime, corrects: Evaluation | None = None
) -> Evaluation:
    words = (finding.evaluator, finding.result, finding.method, finding.scope, finding.source_url)
    if not all(each.strip() for each in words):
        raise EvaluationIncomplete
    if finding.tested_on > local_day(at, "Asia/Shanghai"):
        raise EvaluationNotYet
    return Evaluation.objects.create(
        listing_id=listing_id,
        confirms=_confirmed(listing_id, finding),
        evaluator=finding.evaluator.strip(),
        evaluator_kind=finding.evaluator_kind,
        result=finding.result.strip(),
        method=finding.method.strip(),
        scope=finding.scope.strip(),
        tested_on=finding.tested_on,
        source_url=finding.source_url.strip(),
        corrects=corrects,
        entered_at=at,
        entered_by=str(actor),
    )


def _confirmed(listing_id: UUID, finding: Finding) -> dict[str, object]:
    """The facts with the very values that are on sale. :raises NothingToConfirm:"""
    if not finding.confirms:
        return {}
    revision = Listing.objects.select_related("live_revision").get(pk=listing_id).live_revision
    stated = revision.content.get("attributes") or {} if revision else {}
    for key in finding.confirms:
        if finding.evaluator_kind != EvaluatorKind.LABORATORY or stated.get(key) in (None, "", []):
            raise NothingToConfirm(field=key[:60])
    return {key: stated[key] for key in finding.confirms}


def _end(evaluation_id: UUID, reason: str, actor: Actor, at: datetime) -> Evaluation:
    if not reason.strip():
        raise EvaluationIncomplete
    row = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("listing")
        .filter(pk=evaluation_id)
        .first()
    )
    if row is None:
        raise NotFound
    parties.refuse_party(merchant_id=row.listing.merchant_id, actor=actor)
    if row.ended_at is not None:
        raise EvaluationEnded
    row.ended_at, row.ended_by, row.ended_why = at, str(actor), reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    return row

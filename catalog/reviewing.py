"""People decide what the machine leaves to them: pass, refuse, ask for a change, read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import publishing
from catalog.events import ReviewOverdue, SubmissionDecided
from catalog.models import Listing, Submission
from catalog.review_clock import REVIEW, start_review
from catalog.review_moves import close_clock, move
from catalog.screening.texts import texts_of
from catalog.submission_lifecycle import CONTEST_WEIGHT, SUBMISSION, SubmissionState
from deadlines import booking
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import parties
from outbox import bus
from privacy import commitments


class ReviewReasonMissing(Invalid):
    code = "review_reason_missing"
    message = N_("Write the reason and choose the rule: the merchant reads both.")


class WordsNotThere(Invalid):
    code = "review_words_not_there"
    message = N_("These words don't stand in that field. Copy them exactly, or leave both empty.")


class AnotherReads(DomainError):
    code = "review_another_reads"
    message = N_("You decided on it yourself. Somebody else reads what is contested.")


class ContestTextMissing(Invalid):
    code = "contest_text_missing"
    message = N_("Say why the finding is wrong: what the words mean, or where it is proved.")


class ContestedAlready(DomainError):
    code = "contested_already"
    message = N_("This refusal was read again already. Change the words and hand the listing in anew.")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a field that a decision is about; both empty for the offer as a whole."""

    field: str = ""
    words: str = ""


ALL = Passage()


@transaction.atomic
def approve(*, submission_id: UUID, actor: Actor, at: datetime, reason: str = "") -> Submission:
    """Let it pass and put it on sale as it was handed in, whatever the draft says by now.

    :raises AnotherReads: :raises PartyMayNotAct: :raises IllegalMove: it was decided already
    :raises ListingIncomplete: or another refusal of publication: nothing is changed then
    """
    submission = _for_decision(submission_id, actor)
    SUBMISSION.target(submission.state, "approve")
    move(submission, "approve", actor=actor, at=at, reason=reason.strip())
    booking.meet(kind=REVIEW, reference=submission.pk, at=at)
    publishing.publish(listing_id=submission.listing_id, draft=submission.draft, actor=actor, at=at)
    return _told(submission, actor, at)


@transaction.atomic
def refuse(
    *,
    submission_id: UUID,
    reason: str,
    rule_id: str,
    actor: Actor,
    at: datetime,
    about: Passage = ALL,
) -> Submission:
    """It doesn't go on sale like this; for a contested one: the refusal stands.

    :raises ReviewReasonMissing: :raises WordsNotThere: :raises AnotherReads: :raises IllegalMove:
    """
    return _turn_down("refuse", submission_id, reason, rule_id, about, actor, at)


@transaction.atomic
def ask_for_change(
    *,
    submission_id: UUID,
    reason: str,
    rule_id: str,
    actor: Actor,
    at: datetime,
    about: Passage = ALL,
) -> Submission:
    """Say what to change; then it is handed in anew.

    :raises ReviewReasonMissing: :raises WordsNotThere: :raises IllegalMove:
    """
    return _turn_down("ask", submission_id, reason, rule_id, about, actor, at)


@transaction.atomic
def contest(*, submission_id: UUID, text: str, actor: Actor, at: datetime) -> Submission:
    """The merchant says that the refusal is wrong; somebody who didn't decide reads it again.

    :raises ContestTextMissing: :raises ContestedAlready: :raises IllegalMove: nothing was refused
    """
    submission = _locked(submission_id)
    if not text.strip():
        raise ContestTextMissing
    newest = Submission.objects.of_listing(submission.listing_id).first()
    if submission.moves.filter(name="contest").exists() or newest != submission:
        raise ContestedAlready
    move(submission, "contest", actor=actor, at=at, reason=text.strip()[:2000], weight=CONTEST_WEIGHT)
    start_review([submission], place=submission.listing.merchant.place, at=at)
    return submission


@transaction.atomic
def take_back(*, submission_id: UUID, actor: Actor, at: datetime) -> Submission:
    """The merchant doesn't want it read any more.

    :raises IllegalMove: it was decided already
    """
    submission = _locked(submission_id)
    move(submission, "take_back", actor=actor, at=at)
    close_clock(submission, at=at)
    return submission


@transaction.atomic
def on_review_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody read it in time: a senior takes it, and the public figures count it."""
    submission = _locked(reference)
    if submission.is_open and not submission.with_senior:
        submission.with_senior = True
        submission.save(update_fields=["with_senior"])
        fact = ReviewOverdue(submission.pk, submission.listing_id, submission.listing.merchant_id)
        bus.publish(fact, at=at)


def _turn_down(
    name: str, pk: UUID, reason: str, rule_id: str, about: Passage, actor: Actor, at: datetime
) -> Submission:
    submission = _for_decision(pk, actor)
    if not reason.strip() or not rule_id.strip():
        raise ReviewReasonMissing
    name = "confirm" if submission.state == SubmissionState.CONTESTED and name == "refuse" else name
    span = _span(submission, about)
    move(
        submission,
        name,
        actor=actor,
        at=at,
        reason=reason.strip()[:2000],
        rule_id=rule_id.strip()[:80],
        field=about.field if span else "",
        span=span,
    )
    booking.meet(kind=REVIEW, reference=submission.pk, at=at)
    return _told(submission, actor, at)


def _span(submission: Submission, about: Passage) -> tuple[int, int] | None:
    if not about.words.strip():
        return None
    words = about.words.strip()
    for text in texts_of(submission.draft):
        if text.field == about.field and (start := text.words.find(words)) >= 0:
            return start, start + len(words)
    raise WordsNotThere


def _locked(submission_id: UUID) -> Submission:
    """The listing is the root, so it is locked first."""
    row = Submission.objects.filter(pk=submission_id).only("listing_id").first()
    if row is None:
        raise NotFound
    Listing.objects.locked(row.listing_id)
    return Submission.objects.locked(submission_id)


def _for_decision(submission_id: UUID, actor: Actor) -> Submission:
    submission = _locked(submission_id)
    parties.refuse_party(merchant_id=submission.listing.merchant_id, actor=actor)
    deciders = submission.moves.filter(name__in=["refuse", "ask"]).values_list("actor", flat=True)
    if submission.state == SubmissionState.CONTESTED and str(actor) in deciders:
        raise AnotherReads
    return submission


def _told(submission: Submission, actor: Actor, at: datetime) -> Submission:
    listing, outcome = submission.listing, str(submission.state)
    sealed = commitments.commit(
        subject_id=listing.merchant.subject_id,
        label="catalog.submission",
        reference=submission.pk,
        payload={
            "outcome": outcome,
            "content": submission.content_hash,
            "by": str(actor),
            "at": at.isoformat(),
        },
    )
    log.queue(label="catalog.submission", reference=submission.pk, commitment=sealed, at=at)
    bus.publish(SubmissionDecided(submission.pk, listing.pk, listing.merchant_id, outcome), at=at)
    return submission

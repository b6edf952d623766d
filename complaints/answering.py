"""The merchant's answer: accept, offer something, or contest; silence has its own outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints import deadlines, performing, proposing, remedies, saying
from complaints.events import ComplaintAnswered, OfferMade
from complaints.lifecycle import ComplaintState, Seat, move, named_by
from complaints.models import Complaint, Offer
from complaints.proposing import NoOffer, Proposal
from complaints.remedy_kinds import DONE_BY_SHOP, Remedy, of_wish
from kernel.actor import Actor
from kernel.errors import IllegalMove

BEFORE_THE_RULING = frozenset({ComplaintState.OPEN, ComplaintState.ANSWERED, ComplaintState.COUNTERED})


class Answer(StrEnum):
    ACCEPT = "accept"
    OFFER = "offer"
    CONTEST = "contest"


@transaction.atomic
def answer(
    *,
    complaint_id: UUID,
    kind: Answer,
    text: str,
    offered: Proposal | None = None,
    uploads: Sequence[UploadedFile[bytes]] = (),
    actor: Actor,
    at: datetime,
) -> Complaint:
    """Answer for the merchant, the complaint itself or what the buyer asked for instead.

    Accepting pays at once or undertakes the deed that was asked for; an offer or a contest gives the buyer
    the turn, and a contest takes an earlier offer from the table.

    :raises TooLate: at or after the deadline; IllegalMove: when it isn't the merchant's turn
    :raises OfferOutOfRange, DaysOutOfRange, TextMissing: nothing is changed then
    """
    complaint = Complaint.objects.locked(complaint_id)
    deadlines.require_answer_in_time(complaint, at=at)
    deadlines.require_turn_in_time(complaint, at=at)
    _require_turn(complaint, kind)
    first = complaint.state == ComplaintState.OPEN
    owner = saying.author_subject(complaint, Seat.MERCHANT)
    shown = saying.receive_all(uploads, subject_id=owner, actor=actor, at=at)
    saying.write(complaint, seat=Seat.MERCHANT, text=text, shown=shown, actor=actor, at=at)
    if first:
        deadlines.end_answer(complaint, at=at)
        complaint.answered_at = at
        complaint.save(update_fields=["answered_at"])
    if kind is Answer.ACCEPT:
        _accept(complaint, actor=actor, at=at)
    else:
        _pass_turn(complaint, offered if kind is Answer.OFFER else None, kind, actor, at)
    return complaint


def _require_turn(complaint: Complaint, kind: Answer) -> None:
    """With the platform, a shop can still accept; what it would offer comes too late."""
    if kind is not Answer.ACCEPT and complaint.state not in BEFORE_THE_RULING:
        raise IllegalMove(aggregate="complaint", move="answer", state=complaint.state)


def _accept(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """What the buyer asked for at first, or asks for now; with the platform only money ends the case."""
    asked = complaint.offer if complaint.state == ComplaintState.COUNTERED else None
    remedy = Remedy(asked.remedy) if asked else of_wish(complaint.wish)
    if remedy in DONE_BY_SHOP and complaint.state in BEFORE_THE_RULING:
        days = asked.perform_days if asked else None
        days = days or deadlines.usual_performance_days(at)
        performing.undertake(complaint, remedy=remedy, days=days, actor=actor, at=at)
        return
    amount = asked.sum_in(complaint.currency) if asked else complaint.claimed
    remedies.agree(complaint, amount=amount, actor=actor, at=at)


@transaction.atomic
def retract(*, complaint_id: UUID, offer_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The shop takes its standing offer back; it is still the buyer's turn, and the clock runs on.

    :raises NoOffer: when another one stands, or none
    """
    complaint = Complaint.objects.locked(complaint_id)
    offer = Offer.objects.filter(pk=offer_id, complaint=complaint).first()
    if complaint.state != ComplaintState.ANSWERED:
        raise NoOffer()
    proposing.require_standing(complaint, offer, by=Seat.MERCHANT)
    proposing.clear(complaint)
    fact = OfferMade(*named_by(complaint), 0)
    move(complaint, "retract", actor=actor, at=at, fact=fact, proof={"offer": str(offer_id)})
    return complaint


def _pass_turn(
    complaint: Complaint, proposal: Proposal | None, kind: Answer, actor: Actor, at: datetime
) -> None:
    first = complaint.state == ComplaintState.OPEN
    minor = 0
    if kind is Answer.OFFER:
        given = proposal or Proposal()
        minor = proposing.put(complaint, given, seat=Seat.MERCHANT, actor=actor, at=at).amount_minor
    elif complaint.offer_id is not None:
        proposing.clear(complaint)
    if first:
        hours = int((at - complaint.opened_at).total_seconds() // 3600)
        move(
            complaint,
            "answer",
            actor=actor,
            at=at,
            fact=ComplaintAnswered(*named_by(complaint), hours, minor),
        )
    else:
        move(complaint, "offer", actor=actor, at=at, fact=OfferMade(*named_by(complaint), minor))
    deadlines.start_turn_of_buyer(complaint, at=at)

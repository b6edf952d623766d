"""The merchant's answer: accept, offer something, or contest; silence has its own outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints import deadlines, remedies, saying
from complaints.events import ComplaintAnswered, OfferMade
from complaints.lifecycle import ComplaintState, Seat, move
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from kernel.money import Money


class Answer(StrEnum):
    ACCEPT = "accept"
    OFFER = "offer"
    CONTEST = "contest"


class OfferOutOfRange(Invalid):
    code = "offer_out_of_range"
    message = N_("Offer a sum between 0.01 and %(most)s, what the buyer asks for.")


@transaction.atomic
def answer(
    *,
    complaint_id: UUID,
    kind: Answer,
    text: str,
    offered: Money | None = None,
    uploads: Sequence[UploadedFile[bytes]] = (),
    actor: Actor,
    at: datetime,
) -> Complaint:
    """Answer for the merchant. Accepting pays at once; an offer or a contest gives the buyer the turn.

    :raises TooLate: at or after the deadline; OfferOutOfRange; IllegalMove: when it isn't the merchant's turn
    """
    complaint = Complaint.objects.locked(complaint_id)
    deadlines.require_answer_in_time(complaint, at=at)
    sum_offered = _checked(complaint, kind, offered)
    first = complaint.state == ComplaintState.OPEN
    owner = saying.author_subject(complaint, Seat.MERCHANT)
    shown = saying.receive_all(uploads, subject_id=owner, actor=actor, at=at)
    saying.write(complaint, seat=Seat.MERCHANT, text=text, shown=shown, actor=actor, at=at)
    if first:
        deadlines.end_answer(complaint, at=at)
        complaint.answered_at = at
        complaint.save(update_fields=["answered_at"])
    if kind is Answer.ACCEPT:
        remedies.agree(complaint, amount=complaint.claimed, actor=actor, at=at)
        return complaint
    _pass_turn(complaint, sum_offered, first, actor, at)
    return complaint


def _checked(complaint: Complaint, kind: Answer, offered: Money | None) -> Money:
    if kind is not Answer.OFFER:
        return Money.zero(complaint.currency)
    if offered is None or offered.minor <= 0 or offered > complaint.claimed:
        raise OfferOutOfRange(most=complaint.claimed.decimal_text)
    return offered


def _pass_turn(complaint: Complaint, offered: Money, first: bool, actor: Actor, at: datetime) -> None:
    if offered:
        complaint.offers.create(amount_minor=offered.minor, actor=str(actor), at=at)
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    if first:
        hours = int((at - complaint.opened_at).total_seconds() // 3600)
        move(complaint, "answer", actor=actor, at=at, fact=ComplaintAnswered(*parts, hours, offered.minor))
    else:
        move(complaint, "offer", actor=actor, at=at, fact=OfferMade(*parts, offered.minor))
    deadlines.start_turn_of_buyer(complaint, at=at)

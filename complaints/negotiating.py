"""The buyer's turn: take the offer, ask the platform, or take the complaint back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import deadlines, performing, proposing, remedies, saying
from complaints.events import ComplaintWithdrawn, OfferCountered
from complaints.intake import HOLD
from complaints.lifecycle import ComplaintState, Seat, move
from complaints.models import Complaint, Offer
from complaints.proposing import NoOffer, Proposal
from complaints.referral import refer
from complaints.remedy_kinds import Remedy
from kernel.actor import Actor
from kernel.errors import N_, DomainError, IllegalMove
from orders import holds


class TooEarlyToRefer(DomainError):
    code = "too_early_to_refer"
    message = N_("The shop still has time to answer. You can ask for our ruling from %(from)s on.")


def standing_offer(complaint: Complaint) -> Offer | None:
    """What the shop offers, while it is the buyer's turn."""
    return complaint.offer if complaint.state == ComplaintState.ANSWERED else None


def standing_counter(complaint: Complaint) -> Offer | None:
    """What the buyer asks for instead, while it is the shop's turn."""
    return complaint.offer if complaint.state == ComplaintState.COUNTERED else None


@transaction.atomic
def accept_offer(*, complaint_id: UUID, offer_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer takes what is offered: money is paid in the same step, a deed gets its date.

    :raises NoOffer: unless it is the newest one and still stands; TooLate: at or after the turn's end
    """
    complaint = Complaint.objects.locked(complaint_id)
    offer = Offer.objects.filter(pk=offer_id, complaint=complaint).first()
    if complaint.state != ComplaintState.ANSWERED:
        raise NoOffer()
    offer = proposing.require_standing(complaint, offer, by=Seat.MERCHANT)
    deadlines.require_turn_in_time(complaint, at=at)
    if offer.perform_days:
        remedy = Remedy(offer.remedy)
        performing.undertake(complaint, remedy=remedy, days=offer.perform_days, actor=actor, at=at)
    else:
        remedies.agree(complaint, amount=offer.sum_in(complaint.currency), actor=actor, at=at)
    return complaint


@transaction.atomic
def counter(
    *, complaint_id: UUID, text: str, asked: Proposal | None = None, actor: Actor, at: datetime
) -> Complaint:
    """The buyer asks for something else, or says no to what is offered without `asked`: the shop's turn.

    :raises IllegalMove: before the first answer and once the platform decides; TooLate
    :raises OfferOutOfRange, DaysOutOfRange, TextMissing, TextTooLong: nothing is changed then
    """
    complaint = Complaint.objects.locked(complaint_id)
    if complaint.state not in (ComplaintState.ANSWERED, ComplaintState.COUNTERED):
        raise IllegalMove(aggregate="complaint", move="counter", state=complaint.state)
    deadlines.require_turn_in_time(complaint, at=at)
    saying.write(complaint, seat=Seat.BUYER, text=text, shown=(), actor=actor, at=at)
    minor, remedy = 0, ""
    if asked is not None:
        offer = proposing.put(complaint, asked, seat=Seat.BUYER, actor=actor, at=at)
        minor, remedy = offer.amount_minor, str(offer.remedy)
    else:
        proposing.clear(complaint)
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    proof = {"remedy": remedy, "asked_minor": minor}
    move(complaint, "counter", actor=actor, at=at, fact=OfferCountered(*parts, remedy, minor), proof=proof)
    deadlines.start_turn_of_shop(complaint, at=at)
    return complaint


@transaction.atomic
def ask_platform(*, complaint_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer asks for a ruling: after the answer at any time, before it from the policy's hour on.

    :raises TooEarlyToRefer:
    """
    complaint = Complaint.objects.locked(complaint_id)
    if complaint.state == ComplaintState.PERFORMED:
        # There the buyer says what is wrong (`performing.object_to`); a bare call would say nothing.
        raise IllegalMove(aggregate="complaint", move="escalate", state=complaint.state)
    first = deadlines.referable_from(complaint)
    if complaint.state == ComplaintState.OPEN and at < first:
        raise TooEarlyToRefer(**{"from": first.isoformat()})
    refer(complaint, cause="asked_by_buyer", actor=actor, at=at)
    return complaint


@transaction.atomic
def withdraw(*, complaint_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer takes the complaint back; the order goes on as if nothing had been said."""
    complaint = Complaint.objects.locked(complaint_id)
    deadlines.end_all(complaint, at=at)
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    move(complaint, "withdraw", actor=actor, at=at, fact=ComplaintWithdrawn(*parts))
    holds.lift(order_id=complaint.order_id, reason=HOLD, reference=complaint.pk, actor=actor, at=at)
    return complaint

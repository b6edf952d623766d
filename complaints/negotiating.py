"""The buyer's turn: take the offer, ask the platform, or take the complaint back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import deadlines, remedies
from complaints.events import ComplaintWithdrawn
from complaints.intake import HOLD
from complaints.lifecycle import ComplaintState, move
from complaints.models import Complaint, Offer
from complaints.referral import refer
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders import holds


class NoOffer(DomainError):
    code = "no_offer"
    message = N_("This offer no longer stands. Reload the page to see what is on the table now.")


class TooEarlyToRefer(DomainError):
    code = "too_early_to_refer"
    message = N_("The shop still has time to answer. You can ask for our ruling from %(from)s on.")


def standing_offer(complaint: Complaint) -> Offer | None:
    """The newest offer, while it is the buyer's turn."""
    if complaint.state != ComplaintState.ANSWERED:
        return None
    return complaint.offers.order_by("-at", "-id").first()


@transaction.atomic
def accept_offer(*, complaint_id: UUID, offer_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer takes what is offered; it is paid in the same step.

    :raises NoOffer: unless it is the newest one and still stands
    """
    complaint = Complaint.objects.locked(complaint_id)
    offer = standing_offer(complaint)
    if offer is None or offer.pk != offer_id:
        raise NoOffer()
    amount = Money(offer.amount_minor, complaint.currency)
    remedies.agree(complaint, amount=amount, actor=actor, at=at)
    return complaint


@transaction.atomic
def ask_platform(*, complaint_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer asks for a ruling: after the answer at any time, before it from the policy's hour on.

    :raises TooEarlyToRefer:
    """
    complaint = Complaint.objects.locked(complaint_id)
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

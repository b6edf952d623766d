"""What complaints do when something happened elsewhere, and the letters of their own facts."""

from __future__ import annotations

from datetime import datetime

from complaints import deadlines, letters, performing, referral, remedies
from complaints.events import (
    ComplaintAgreed,
    ComplaintAnswered,
    ComplaintDecided,
    ComplaintEscalated,
    ComplaintOpened,
    OfferCountered,
    OfferMade,
    RemedyConfirmed,
    RemedyPerformed,
    RemedyUndertaken,
)
from complaints.grounds import Category, Wish
from complaints.intake import Story, open_complaint
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.errors import N_
from orders import dispute_wait, returns
from orders.aftercare import claims
from orders.claim_events import ClaimRefusalUnanswered
from orders.cover import facts as cover_facts
from orders.events import HoldLifted, ReturnRefusalUnanswered
from orders.models import FaultClaim, Order, Return
from orders.states import ClaimState, ReturnState

# The words under which a refused return becomes a complaint by itself; said in the buyer's name.
REPAIR_STORY = N_(
    "The shop refused to repair or exchange it, and I didn't agree. The platform opened this case for me."
)
REFUSAL_STORY = N_("The shop refused my return, and I didn't agree. The platform opened this case for me.")


def on_return_refusal_unanswered(event: ReturnRefusalUnanswered, *, at: datetime) -> None:
    """Silence about a refused return never costs the buyer: each line of it gets a case by itself.

    A running case about the line or the whole order takes its refusal along; about another line it doesn't.
    """
    order = Order.objects.locked(event.order_id)
    returning = Return.objects.of_order(order.pk).get(pk=event.return_id)
    if returning.state != ReturnState.REFUSED:
        return
    running = set(Complaint.objects.running().filter(order=order).values_list("line_id", flat=True))
    for part in returning.lines.select_related("line").order_by("line__position"):
        if None in running or part.line_id in running:
            continue
        story = Story(
            category=Category.RETURN_REFUSED,
            wish=Wish.REFUND,
            text=REFUSAL_STORY,
            asked=part.amount,
            line_id=part.line_id,
        )
        open_complaint(order_id=order.pk, story=story, actor=Actor.system(), at=at)
    returns.close(return_id=returning.pk, cause="complaint", actor=Actor.system(), at=at)


def on_claim_refusal_unanswered(event: ClaimRefusalUnanswered, *, at: datetime) -> None:
    """A refused repair or exchange that nobody objected to is a case about the faulty goods by itself."""
    order = Order.objects.locked(event.order_id)
    claim = FaultClaim.objects.of_order(order.pk).get(pk=event.claim_id)
    if claim.state != ClaimState.REFUSED:
        return
    running = set(Complaint.objects.running().filter(order=order).values_list("line_id", flat=True))
    if None not in running and claim.line_id not in running and order.left and claim.line.left:
        story = Story(
            category=Category.FAULTY,
            wish=Wish(claim.remedy),
            text=REPAIR_STORY,
            asked=claim.amount,
            line_id=claim.line_id,
        )
        open_complaint(order_id=order.pk, story=story, actor=Actor.system(), at=at)
    claims.close(claim_id=claim.pk, cause="complaint", actor=Actor.system(), at=at)


def on_complaint_opened(event: ComplaintOpened, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.opened_to_buyer(complaint, event.answer_by, at=at)
    letters.opened_to_merchant(complaint, event.answer_by, at=at)


def on_complaint_answered(event: ComplaintAnswered | OfferMade, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    if complaint.is_running:
        letters.answered_to_buyer(complaint, at=at)


def on_offer_countered(event: OfferCountered, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    if complaint.is_running:
        letters.countered_to_shop(complaint, at=at)


def on_remedy_undertaken(event: RemedyUndertaken, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.undertaken(complaint, event.perform_by, at=at)


def on_remedy_performed(event: RemedyPerformed, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.performed_to_buyer(complaint, event.check_by, at=at)


def on_remedy_confirmed(event: RemedyConfirmed, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.confirmed(complaint, at=at)


def on_complaint_escalated(event: ComplaintEscalated, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.escalated(complaint, at=at)


def on_complaint_agreed(event: ComplaintAgreed, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.agreed(complaint, at=at)


def on_complaint_decided(event: ComplaintDecided, *, at: datetime) -> None:
    complaint = Complaint.objects.with_parts().get(pk=event.complaint_id)
    letters.decided(complaint, at=at)


def on_hold_lifted(event: HoldLifted, *, at: datetime) -> None:
    """A dispute over the order's money has ended: what was decided meanwhile is carried out."""
    if event.reason == dispute_wait.HOLD:
        remedies.catch_up(order_id=event.order_id, at=at)


def tell_covers(event: ComplaintDecided, *, at: datetime) -> None:
    """A fake, as decided: covers of the order's lines may pay now."""
    complaint = Complaint.objects.get(pk=event.complaint_id)
    if complaint.category == Category.COUNTERFEIT and event.granted_minor:
        cover_facts.note_fake(
            order_id=complaint.order_id, line_id=complaint.line_id, reference=complaint.pk, at=at
        )


# Deadline kind → what happens at its instant.
OUTCOMES = {
    deadlines.ANSWER: referral.on_answer_due,
    deadlines.OFFER: referral.on_offer_due,
    deadlines.COUNTER: referral.on_counter_due,
    deadlines.PERFORMANCE: performing.on_performance_due,
    deadlines.CHECK: performing.on_check_due,
    deadlines.DECISION_TARGET: referral.on_decision_target_due,
    deadlines.DECISION: referral.on_decision_due,
}

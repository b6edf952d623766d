"""Paying what was agreed or decided: from escrow, else from the merchant, else from the fund."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints import deadlines, limits
from complaints.events import ComplaintAgreed, ComplaintRemedied
from complaints.intake import HOLD
from complaints.lifecycle import move, prove
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.money import Money
from orders import dispute_wait, holds, refunding, taking_back
from orders.models import Order
from outbox import bus


def agree(complaint: Complaint, *, amount: Money, actor: Actor, at: datetime) -> None:
    """Close a locked case by agreement and pay what of it isn't back yet."""
    amount = payable(complaint, amount)
    deadlines.end_all(complaint, at=at)
    parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
    move(
        complaint,
        "agree",
        actor=actor,
        at=at,
        fact=ComplaintAgreed(*parts, amount.minor),
        proof={"granted_minor": amount.minor},
        granted_minor=amount.minor,
    )
    apply(complaint, amount=amount, actor=actor, at=at)


def payable(complaint: Complaint, amount: Money) -> Money:
    """What of `amount` isn't back yet, the order locked: returns and other cases go on beside this one."""
    order = Order.objects.locked(complaint.order_id)
    line = order.lines.get(pk=complaint.line_id) if complaint.line_id else None
    return min(amount, limits.most_claimable(order, line))


def apply(complaint: Complaint, *, amount: Money, actor: Actor, at: datetime) -> None:
    """Pay `amount`, found `payable`, and let go of the order; no buyer waits for a merchant's balance.

    While a dispute holds the order's money the outcome stands, and is carried out when the dispute has ended.
    """
    if amount and dispute_wait.is_waiting(complaint.order_id):
        complaint.remedy_waits = True
        complaint.save(update_fields=["remedy_waits"])
        prove(complaint, "remedy_waits", {"amount_minor": amount.minor}, at=at)
        return
    _carry_out(complaint, amount, actor=actor, at=at)


@transaction.atomic
def catch_up(*, order_id: UUID, at: datetime) -> None:
    """The dispute has ended: what was granted meanwhile is paid, less what the payer's bank took."""
    if dispute_wait.is_waiting(order_id):
        return
    Order.objects.locked(order_id)
    waiting = Complaint.objects.filter(order_id=order_id, remedy_waits=True).order_by("closed_at", "pk")
    for complaint in waiting.select_for_update(of=("self",), no_key=True):
        complaint.remedy_waits = False
        complaint.save(update_fields=["remedy_waits"])
        amount = payable(complaint, complaint.granted)
        prove(complaint, "remedy_carried_out", {"paid_minor": amount.minor}, at=at)
        _carry_out(complaint, amount, actor=Actor.system(), at=at)


def _carry_out(complaint: Complaint, amount: Money, *, actor: Actor, at: datetime) -> None:
    if amount:
        fill_escrow(complaint, amount, actor=actor, at=at)
        refunding.refund_part(
            order_id=complaint.order_id,
            amount=amount,
            purpose=f"complaint:{complaint.pk}",
            actor=actor,
            at=at,
            line_id=complaint.line_id,
        )
        parts = (complaint.pk, complaint.order_id, complaint.merchant_id, complaint.subject_id)
        bus.publish(ComplaintRemedied(*parts, amount.minor, 0), at=at)
    holds.lift(order_id=complaint.order_id, reason=HOLD, reference=complaint.pk, actor=actor, at=at)


def fill_escrow(complaint: Complaint, amount: Money, *, actor: Actor, at: datetime) -> None:
    """After settlement the merchant gives (balance, reserve, deposit); what is missing, the fund."""
    order = Order.objects.locked(complaint.order_id)
    taking_back.fill(order, amount, purpose=f"complaint:{complaint.pk}", actor=actor, at=at)

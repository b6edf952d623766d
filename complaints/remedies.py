"""Paying what was agreed or decided: from escrow, else from the merchant, else from the fund."""

from __future__ import annotations

from datetime import datetime

from complaints import deadlines, limits
from complaints.events import ComplaintAgreed, ComplaintRemedied
from complaints.intake import HOLD
from complaints.lifecycle import move
from complaints.models import Complaint
from kernel.actor import Actor
from kernel.money import Money
from orders import holds, refunding, taking_back
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
    """Pay `amount`, found `payable`, and let go of the order; no buyer waits for a merchant's balance."""
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
    """After settlement the merchant gives (balance, reserve); what is missing, the fund."""
    order = Order.objects.locked(complaint.order_id)
    taking_back.fill(order, amount, purpose=f"complaint:{complaint.pk}", actor=actor, at=at)

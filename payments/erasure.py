"""What keeps somebody from being erased for now: money that is still on its way to them."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import N_
from payments.lifecycle import RefundState
from payments.models import Dispute, Refund
from privacy.obstacles import Obstacle

SHOWN = 20
MONEY_DUE = N_("A refund of payment %(number)s is still on its way to you. Wait until it has arrived.")


DISPUTED = N_("Your bank’s dispute of payment %(number)s is still open. Wait until your bank has decided.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    """What is still owed, and what still needs the payer's keys to be answered."""
    due = Refund.objects.filter(
        charge__payment__payer_subject_id=subject_id, state__in=[RefundState.REQUESTED, RefundState.SENT]
    )
    disputed = Dispute.objects.running().filter(subject_id=subject_id)
    return [
        Obstacle("money_due", MONEY_DUE, {"number": each.charge.payment.number})
        for each in due.select_related("charge__payment").order_by("id")[:SHOWN]
    ] + [
        Obstacle("dispute", DISPUTED, {"number": each.charge.payment.number})
        for each in disputed.select_related("charge__payment").order_by("id")[:SHOWN]
    ]

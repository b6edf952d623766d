"""What keeps somebody from being erased for now: money that is still on its way to them."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import N_
from payments.lifecycle import RefundState
from payments.models import Refund
from privacy.obstacles import Obstacle

SHOWN = 20
MONEY_DUE = N_("A refund of payment %(number)s is still on its way to you. Wait until it has arrived.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    due = Refund.objects.filter(
        charge__payment__payer_subject_id=subject_id, state__in=[RefundState.REQUESTED, RefundState.SENT]
    )
    return [
        Obstacle("money_due", MONEY_DUE, {"number": each.charge.payment.number})
        for each in due.select_related("charge__payment").order_by("id")[:SHOWN]
    ]

"""Refunds that a provider won't carry out: at the money desk, until somebody has asked for them once more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import NotFound
from payments import differences, refunds
from payments.differences import Found
from payments.gateways.protocol import refund_id
from payments.lifecycle import DifferenceState, What
from payments.models import Difference, Refund

ASKED_AGAIN = "The provider was asked once more."


def put_before_staff(*, refund: UUID, at: datetime) -> Difference:
    """It failed for good; its money waits where it came from, and no clock will move it. Once per refund."""
    made = Refund.objects.select_related("charge").get(pk=refund)
    said = Found(
        What.REFUND_STUCK,
        "refund",
        refunds.key_of(made),
        None,
        -made.amount_minor,
        made.currency,
        made.purpose,
    )
    return differences.open_one(provider=made.through.provider, day=at.date(), found=said, at=at)


@transaction.atomic
def ask_again(*, difference_id: UUID, actor: Actor, at: datetime) -> Refund:
    """The payer's account is in order again, say: the same sum once more, under a key of its own.

    :raises DifferenceEnded: :raises NotFound: also for a difference that is no such refund
    :raises RefundExceedsCaptured, NotEnoughMoney: when a dispute has taken the sum meanwhile; nothing moves
    """
    held = differences.still_open(difference_id)
    known = refund_id(held.key) if held.what == What.REFUND_STUCK else None
    if known is None:
        raise NotFound()
    made = refunds.again(Refund.objects.get(pk=known), actor=actor, at=at)
    differences.end(held, DifferenceState.EXPLAINED, reason=ASKED_AGAIN, actor=actor, at=at)
    return made

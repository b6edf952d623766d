"""What keeps a buyer from being erased for now: orders and returns that are not over."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import N_
from orders.announcing import path_for
from orders.cover_states import ENDED_CLAIM_STATES
from orders.models import CoverClaim, FaultClaim, Order, Return
from orders.states import ENDED_STATES, OPEN_RETURN_STATES
from privacy.obstacles import Obstacle

SHOWN = 20
ORDER_OPEN = N_("Order %(number)s is still running. Wait until it is settled, confirm receipt, or cancel it.")
CLAIM_OPEN = N_("Repair or exchange %(number)s is still running. Wait for its end, or withdraw it.")
COVER_CLAIM_OPEN = N_("Claim %(number)s on a cover is still running. Wait for its end, or withdraw it.")
RETURN_OPEN = N_("Return %(number)s is still running. Wait for its refund, or withdraw it.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    """At most the twenty oldest of each kind; an erasure is looked at again anyway."""
    orders = Order.objects.filter(subject_id=subject_id).exclude(state__in=sorted(ENDED_STATES))
    returns = Return.objects.filter(subject_id=subject_id, state__in=sorted(OPEN_RETURN_STATES))
    claims = FaultClaim.objects.filter(subject_id=subject_id).unfinished().select_related("order")
    asked = CoverClaim.objects.filter(subject_id=subject_id).exclude(state__in=sorted(ENDED_CLAIM_STATES))
    return (
        [
            Obstacle("order_open", ORDER_OPEN, {"number": order.number}, path_for(order))
            for order in orders.order_by("id")[:SHOWN]
        ]
        + [
            Obstacle("return_open", RETURN_OPEN, {"number": each.number}, path_for(each.order))
            for each in returns.select_related("order").order_by("id")[:SHOWN]
        ]
        + [
            Obstacle("claim_open", CLAIM_OPEN, {"number": each.number}, path_for(each.order))
            for each in claims.order_by("id")[:SHOWN]
        ]
        + [
            Obstacle(
                "cover_claim_open", COVER_CLAIM_OPEN, {"number": each.number}, path_for(each.cover.order)
            )
            for each in asked.select_related("cover__order").order_by("id")[:SHOWN]
        ]
    )

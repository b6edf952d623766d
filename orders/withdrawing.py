"""A buyer keeps the goods after all: until they are on their way back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import returns
from orders.lifecycle import ReturnState
from orders.models import Order, Return

# After that the shop has the goods, or the carrier.
WITHDRAWABLE = (ReturnState.ASKED, ReturnState.ACCEPTED, ReturnState.REFUSED)
GOING_BACK = (ReturnState.POSTED, ReturnState.RECEIVED)


class OnItsWayBack(DomainError):
    code = "return_on_its_way"
    message = N_("The goods are on their way back or there already, so this return goes on by itself.")


@transaction.atomic
def withdraw(*, return_id: UUID, actor: Actor, at: datetime) -> Return:
    """End the return; nothing is refunded.

    :raises OnItsWayBack: once the goods were posted :raises IllegalMove: when it has ended
    """
    returning = Return.objects.get_or_not_found(pk=return_id)
    Order.objects.locked(returning.order_id)
    returning.refresh_from_db()
    if returning.state in GOING_BACK:
        raise OnItsWayBack()
    return returns.close(return_id=return_id, cause="withdrawn", actor=actor, at=at)

"""A guardian asks to have an order of their child undone (cn.minor.capacity, cn.minor.ratification)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from outbox import bus
from privacy import ages, requests, subjects
from privacy.events import UndoingAsked
from privacy.models import Request
from privacy.states import RequestKind

# The id of the order with this number, if it is this person's and not over.
FindOrder = Callable[[str, UUID], UUID | None]
_find: list[FindOrder] = []


class NoSuchOrder(Invalid):
    code = "undo_no_such_order"
    message = N_("This account has no running order with this number. Read it on the order's page or letter.")


class UndoingRuns(DomainError):
    code = "undo_runs"
    message = N_("Undoing this order was asked for before. It stands among the requests.")


def connect(find: FindOrder) -> None:
    """Take from config who knows the orders."""
    _find[:] = [find]


@transaction.atomic
def ask(*, link_id: UUID, number: str, reason: str, actor: Actor, at: datetime) -> Request:
    """The guardian's own request, under the clock of their law; the order's money is held meanwhile.

    :raises NotFound: for a child that the actor doesn't watch over; NoSuchOrder, UndoingRuns, WordsTooLong
    """
    link = ages.standing().filter(pk=link_id, guardian_id=actor.subject_id).first()
    if link is None or actor.subject_id is None or actor.by is not None:
        raise NotFound
    subjects.locked(actor.subject_id)
    order_id = _find[0](number.strip().upper(), link.minor_id)
    if order_id is None:
        raise NoSuchOrder(field="number")
    if Request.objects.running().filter(about=order_id).exists():
        raise UndoingRuns
    made = requests.ask(
        subject_id=actor.subject_id,
        kind=RequestKind.UNDO_ORDER,
        details=reason,
        about=order_id,
        actor=actor,
        at=at,
    )
    bus.publish(UndoingAsked(made.pk, made.subject_id, made.kind, order_id), at=at)
    return made

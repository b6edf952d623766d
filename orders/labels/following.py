"""What becomes of a label and a visit when their return or claim goes on without them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications.sending import send
from orders import claim_events, events
from orders.announcing import path_for
from orders.labels import collecting, issuing, visits
from orders.labels.events import CollectionMissed
from orders.models import Collection, FaultClaim, Return, Shipment
from orders.models.labels import OVER


def on_return(
    event: events.ReturnPosted | events.ReturnReceived | events.ReturnClosed | events.ReturnRefunded,
    *,
    at: datetime,
) -> None:
    _let_go(return_id=event.return_id, at=at)


def on_claim(
    event: claim_events.ClaimPosted
    | claim_events.ClaimReceived
    | claim_events.ClaimClosed
    | claim_events.ClaimRefunded,
    *,
    at: datetime,
) -> None:
    _let_go(claim_id=event.claim_id, at=at)


@transaction.atomic
def _let_go(*, at: datetime, return_id: UUID | None = None, claim_id: UUID | None = None) -> None:
    """An unused label is of no use any more, and nobody has to come; the shop was charged nothing for it.

    A return that was taken up again meanwhile keeps its label.
    """
    back = issuing.locked(return_id=return_id, claim_id=claim_id)
    label = issuing.label_of(back)
    if label is None or issuing.waits(back):
        return
    visit = visits.running(label)
    if visit is not None:
        visits.end(visit, OVER, at=at)
    handed_over = Shipment.objects.filter(carrier=label.carrier, tracking_number=label.tracking_number)
    if label.used_at is None and not handed_over.exists():
        label.ended_at, label.cause = at, "over" if back.posted_at is None else "other_way"
        label.save(update_fields=["ended_at", "cause"])


def on_collection_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    collecting.miss(collection_id=reference, at=at)


def on_missed(event: CollectionMissed, *, at: datetime) -> None:
    visit = Collection.objects.select_related("label__returning__order", "label__claim__order").get(
        pk=event.collection_id
    )
    back: Return | FaultClaim | None = visit.label.returning or visit.label.claim
    if back is None:
        return
    send(
        subject_id=visit.subject_id,
        kind="orders.collection_missed",
        reference=visit.pk,
        params={"number": back.number, "path": path_for(back.order)},
        at=at,
    )


OUTCOMES = {visits.KIND: on_collection_due}

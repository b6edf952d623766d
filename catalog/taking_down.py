"""Off sale by a rule that ran out: with a statement of reasons, and the shop puts it back itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from catalog.events import ListingWithdrawn
from catalog.models import Listing
from catalog.moving import move
from evidence import log
from kernel.actor import Actor
from merchants.models import Merchant
from notifications.sending import send
from outbox import bus
from privacy import commitments

LETTER, LABEL = "catalog.taken_down", "catalog.listing.take_down"


@transaction.atomic
def take_down(*, listing_id: UUID, reason: str, rule_id: str, actor: Actor, at: datetime) -> Listing:
    """Take a live offer off sale and tell the shop why; what isn't live stays as it is.

    Unlike a suspension nobody has to lift it: once what was missing is there, publishing puts it back.
    """
    listing = Listing.objects.locked(listing_id)
    if not listing.is_live:
        return listing
    move(listing, "take_down", actor=actor, at=at, reason=reason, rule_id=rule_id)
    sealed = commitments.commit(
        subject_id=listing.merchant.subject_id,
        label=LABEL,
        reference=listing.pk,
        payload={"reason": reason, "rule": rule_id, "at": at.isoformat()},
    )
    log.queue(label=LABEL, reference=listing.pk, commitment=sealed, at=at)
    bus.publish(ListingWithdrawn(listing.pk, listing.merchant_id), at=at)
    path = reverse("catalog:listing", args=[listing.merchant.slug, listing.pk])
    params = {"goods": listing.working_title, "reason": reason, "rule": rule_id, "path": path}
    for reader in members_of(listing.merchant):
        send(subject_id=reader, kind=LETTER, reference=listing.pk, params=params, at=at)
    return listing


def members_of(merchant: Merchant) -> list[UUID]:
    running = merchant.memberships.filter(ended_at__isnull=True)
    return list(running.order_by("since", "id").values_list("subject_id", flat=True))

"""The platform takes an offer off sale, with reasons and the rule; and lifts that again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog.events import ListingSuspended, SuspensionLifted
from catalog.models import Listing
from catalog.moving import move
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from merchants import parties
from outbox import bus
from privacy import commitments


class ReasonMissing(Invalid):
    code = "suspension_reason_missing"
    message = N_("Write the reason and choose the rule: the merchant reads both.")


@transaction.atomic
def suspend(*, listing_id: UUID, reason: str, rule_id: str, actor: Actor, at: datetime) -> Listing:
    """Take an offer off sale; it can't be published until this is lifted.

    :raises ReasonMissing: :raises IllegalMove: suspended already
    """
    if not reason.strip() or not rule_id.strip():
        raise ReasonMissing
    listing = Listing.objects.locked(listing_id)
    parties.refuse_party(merchant_id=listing.merchant_id, actor=actor)
    move(listing, "suspend", actor=actor, at=at, reason=reason.strip(), rule_id=rule_id.strip())
    _prove(listing, "catalog.listing.suspend", {"reason": reason.strip(), "rule": rule_id.strip()}, at)
    bus.publish(ListingSuspended(listing.pk, listing.merchant_id, rule_id.strip()), at=at)
    return listing


@transaction.atomic
def lift(*, listing_id: UUID, reason: str, actor: Actor, at: datetime) -> Listing:
    """End a suspension; the merchant puts it on sale again itself.

    :raises ReasonMissing: :raises IllegalMove: it isn't suspended
    """
    if not reason.strip():
        raise ReasonMissing
    listing = Listing.objects.locked(listing_id)
    parties.refuse_party(merchant_id=listing.merchant_id, actor=actor)
    move(listing, "lift", actor=actor, at=at, reason=reason.strip())
    _prove(listing, "catalog.listing.lift", {"reason": reason.strip()}, at)
    bus.publish(SuspensionLifted(listing.pk, listing.merchant_id), at=at)
    return listing


def _prove(listing: Listing, label: str, payload: dict[str, str], at: datetime) -> None:
    sealed = commitments.commit(
        subject_id=listing.merchant.subject_id,
        label=label,
        reference=listing.pk,
        payload={**payload, "at": at.isoformat()},
    )
    log.queue(label=label, reference=listing.pk, commitment=sealed, at=at)

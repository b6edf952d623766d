"""A shop contests that the platform took an offer off sale; an upheld appeal ends the suspension."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import suspension
from catalog.lifecycle import ListingState
from catalog.models import Listing, ListingMove
from kernel.actor import Actor
from kernel.errors import N_
from merchants.appeal_lifecycle import About
from merchants.contested import Contested, deciders_of
from merchants.events import AppealDecided
from merchants.models import Appeal

TITLE = N_("A listing was taken off sale")


def suspension_found(reference: UUID) -> Contested | None:
    """The suspension as an appeal needs it; None where the reference is no suspension."""
    move = ListingMove.objects.select_related("listing").filter(pk=reference, name="suspend").first()
    if move is None:
        return None
    return Contested(
        merchant_id=move.listing.merchant_id,
        decided_at=move.at,
        deciders=deciders_of(move.actor),
        title=TITLE,
        reason=move.reason,
        rule_id=move.rule_id,
    )


@transaction.atomic
def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """Lift what was contested, unless a later decision stands in its place."""
    if not event.upheld or event.about != About.LISTING:
        return
    contested = ListingMove.objects.get(pk=event.reference)
    listing = Listing.objects.locked(contested.listing_id)
    newest = listing.moves.filter(name="suspend").order_by("-at", "-id").first()
    if listing.state != ListingState.SUSPENDED or newest != contested:
        return
    appeal = Appeal.objects.get(pk=event.appeal_id)
    if appeal.decided_by is not None:
        actor = Actor.staff(appeal.decided_by)
        suspension.lift(listing_id=listing.pk, reason=appeal.reasons, actor=actor, at=at)

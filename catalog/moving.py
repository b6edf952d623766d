"""The only code that writes `Listing.state`."""

from __future__ import annotations

from datetime import datetime

from catalog.lifecycle import LISTING
from catalog.models import Listing, ListingMove
from kernel.actor import Actor


def move(
    listing: Listing,
    name: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    rule_id: str = "",
    **changes: object,
) -> ListingMove:
    """Make a move on a locked listing and keep it as history.

    :raises IllegalMove: the lifecycle doesn't allow it
    """
    came_from, listing.state = listing.state, LISTING.target(listing.state, name)
    for field, value in changes.items():
        setattr(listing, field, value)
    listing.save(update_fields=["state", *changes])
    return ListingMove.objects.create(
        listing=listing,
        name=name,
        from_state=came_from,
        to_state=listing.state,
        reason=reason,
        rule_id=rule_id,
        actor=str(actor),
        at=at,
    )

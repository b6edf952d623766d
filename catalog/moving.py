"""The only code that writes the state of a listing or a variant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalog.lifecycle import LISTING, VARIANT
from catalog.models import Listing, ListingMove, Variant
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


def move_variants(rows: Sequence[Variant], name: str) -> None:
    """Make a move on locked variants; what is on sale when stands in the listing's revisions.

    :raises IllegalMove:
    """
    for row in rows:
        row.state = VARIANT.target(row.state, name)
    Variant.objects.bulk_update(rows, ["state"])

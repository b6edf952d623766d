"""The only code that writes the state of a listing or a variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    made = _moved(listing, name, changes, actor=actor, at=at)
    made.reason, made.rule_id = reason, rule_id
    listing.save(update_fields=["state", *changes])
    made.save(force_insert=True)
    return made


def move_all(
    listings: Sequence[tuple[Listing, Mapping[str, object]]], name: str, *, actor: Actor, at: datetime
) -> None:
    """The same move on several locked listings, each with its own values of the same columns.

    :raises IllegalMove: for the first that the lifecycle doesn't allow
    """
    rows = [_moved(listing, name, changes, actor=actor, at=at) for listing, changes in listings]
    columns = ["state", *(listings[0][1] if listings else ())]
    Listing.objects.bulk_update([listing for listing, _changes in listings], columns)
    ListingMove.objects.bulk_create(rows)


def _moved(
    listing: Listing, name: str, changes: Mapping[str, object], *, actor: Actor, at: datetime
) -> ListingMove:
    """The listing as it is after the move, and the line of its history; neither is written yet."""
    came_from, listing.state = listing.state, LISTING.target(listing.state, name)
    for field, value in changes.items():
        setattr(listing, field, value)
    return ListingMove(
        listing=listing, name=name, from_state=came_from, to_state=listing.state, actor=str(actor), at=at
    )


def move_variants(rows: Sequence[Variant], name: str) -> None:
    """Make a move on locked variants; what is on sale when stands in the listing's revisions.

    :raises IllegalMove:
    """
    for row in rows:
        row.state = VARIANT.target(row.state, name)
    Variant.objects.bulk_update(rows, ["state"])

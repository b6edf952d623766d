"""Writing the planned listings of a slice: together, and what can't be written as if it weren't there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import drafting, stock, submitting, together
from catalog.drafting import Edit, NewListing
from catalog.importing.writing import DRAFTED, PUBLISHED, WAITING, Desk, Planned, drafted
from catalog.models import Listing
from catalog.publishing import NothingChanged
from catalog.submission_lifecycle import SubmissionState
from catalog.submitting import WaitsAlready
from catalog.together import RowsRefused
from kernel.errors import DomainError

OUTCOMES = {SubmissionState.PUBLISHED: PUBLISHED, SubmissionState.WAITING: WAITING}
# Handed in before, exactly so: the row is written, and this is how it stands.
STANDS: dict[type[DomainError], str] = {NothingChanged: PUBLISHED, WaitsAlready: WAITING}


def write_down(desk: Desk, planned: Sequence[Planned]) -> list[str | DomainError]:
    """What became of each: its result, or why nothing of it was kept.

    Each pass leaves out those that were refused, so the others are taken as if they stood alone.
    """
    became: dict[int, str | DomainError] = {}
    while len(became) < len(planned):
        left = [place for place in range(len(planned)) if place not in became]
        try:
            became |= zip(left, _at_once(desk, [planned[place] for place in left]), strict=True)
        except RowsRefused as refused:
            became |= {left[at]: reason for at, reason in refused.reasons.items()}
    return [became[place] for place in range(len(planned))]


@transaction.atomic
def _at_once(desk: Desk, planned: Sequence[Planned]) -> list[str]:
    """The results of all of them.

    :raises RowsRefused: nothing is written then
    """
    listings = {**_new(desk, planned), **_changed(desk, planned)}
    _count(desk, [(place, *each) for place in listings for each in _counts(planned[place], listings[place])])
    handed_in = [place for place in sorted(listings) if planned[place].to_publish]
    with together.placed(handed_in):
        results = _hand_in(desk, [listings[place].pk for place in handed_in])
    said = dict(zip(handed_in, results, strict=True))
    return [said.get(place, DRAFTED) for place in range(len(planned))]


def _new(desk: Desk, planned: Sequence[Planned]) -> dict[int, Listing]:
    places = [place for place, each in enumerate(planned) if each.before is None]
    if not places:
        return {}
    wanted = [_wanted(planned[place]) for place in places]
    with together.placed(places):
        made = drafting.create_listings(
            merchant_id=desk.merchant.pk, wanted=wanted, actor=desk.actor, at=desk.at
        )
    return dict(zip(places, made, strict=True))


def _wanted(planned: Planned) -> NewListing:
    outcome, row = planned.outcome, planned.row
    return NewListing(outcome.category, outcome.code, row.barcode or "", row.changes)


def _changed(desk: Desk, planned: Sequence[Planned]) -> dict[int, Listing]:
    edits = {
        place: Edit(each.before.pk, each.row.changes, each.row.barcode)
        for place, each in enumerate(planned)
        if each.before is not None
    }
    if not edits:
        return {}
    with together.placed(list(edits)):
        made = drafting.edit_drafts(edits=list(edits.values()), actor=desk.actor, at=desk.at)
    return dict(zip(edits, made, strict=True))


def _counts(planned: Planned, listing: Listing) -> list[tuple[UUID, int]]:
    row = planned.row
    found = [] if row.stock is None else [(listing.pk, row.stock)]
    named = drafted(listing) if row.counts else []
    return [*found, *((pk, row.counts[key]) for key, pk in named if key in row.counts)]


def _count(desk: Desk, counts: Sequence[tuple[int, UUID, int]]) -> None:
    with together.placed([place for place, _pk, _on_hand in counts]):
        stock.count_all(
            counts=[(pk, on_hand) for _place, pk, on_hand in counts], actor=desk.actor, at=desk.at
        )


def _hand_in(desk: Desk, listing_ids: Sequence[UUID]) -> list[str]:
    """
    :raises RowsRefused: for any other reason than that it was handed in before
    """
    said: dict[int, str] = {}
    while len(said) < len(listing_ids):
        left = [place for place in range(len(listing_ids)) if place not in said]
        ids = [listing_ids[place] for place in left]
        try:
            made = submitting.submit_all(listing_ids=ids, actor=desk.actor, at=desk.at)
        except RowsRefused as refused:
            said |= _as_it_stands(refused, left)
        else:
            results = (OUTCOMES.get(SubmissionState(each.state), DRAFTED) for each in made)
            said |= zip(left, results, strict=True)
    return [said[place] for place in range(len(listing_ids))]


def _as_it_stands(refused: RowsRefused, places: Sequence[int]) -> dict[int, str]:
    others: dict[int, Any] = {
        places[at]: reason for at, reason in refused.reasons.items() if type(reason) not in STANDS
    }
    if others:
        raise RowsRefused(others) from None
    return {places[at]: STANDS[type(reason)] for at, reason in refused.reasons.items()}

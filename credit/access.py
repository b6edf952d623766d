"""The only door to credit and reviews for pages: foreign and absent look the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import access as catalog_access
from catalog.models import Listing
from credit.models import Entry, Grading, Review, ReviewNote
from credit.queries import EntryQuerySet, GradingQuerySet, ReviewQuerySet
from kernel.actor import Actor
from kernel.errors import NotFound
from merchants import access as merchants_access
from merchants.models import Membership, Merchant
from orders import access as orders_access
from orders.models import Order, OrderLine
from privacy import erased, keys
from privacy.keys import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Said:
    """A text as far as it can still be read; `gone` when its author's key was destroyed."""

    text: str
    at: datetime
    gone: bool = False


def membership_or_nobody(actor: Actor, slug: str) -> Membership | None:
    """Whether this reader acts for the shop: then each point shows its case."""
    try:
        return merchants_access.membership_for(actor, slug)
    except NotFound:
        return None


def gradings_of(merchant: Merchant) -> GradingQuerySet:
    """Public: how the grade went."""
    return Grading.objects.of_merchant(merchant.pk)


def entries_of(membership: Membership) -> EntryQuerySet:
    """With their cases: only for those who act for the shop."""
    return Entry.objects.of_merchant(membership.merchant_id).with_cases().newest_first()


def reviews_of_listing(listing_id: UUID, part: slice) -> tuple[Listing, dict[str, int], list[Review]]:
    """The listing, the figures of all its reviews, and this part of them; two statements with their notes.

    Without reviews there the listing and the figures are asked for by themselves.
    :raises NotFound: never published, or absent
    """
    rows = list(Review.objects.of_listing(listing_id).for_reading().with_figures(listing_id)[part])
    if rows:
        return rows[0].listing, rows[0].told_of_all, rows  # type: ignore[attr-defined]
    listing = catalog_access.public_listing(str(listing_id))
    return listing, Review.objects.of_listing(listing.pk).figures(), []


def reviews_of_shop(membership: Membership) -> ReviewQuerySet:
    return Review.objects.of_merchant(membership.merchant_id).for_reading()


def review_of_shop(membership: Membership, review_id: UUID) -> Review:
    """:raises NotFound: also when it is about another shop"""
    found = reviews_of_shop(membership).filter(pk=review_id).first()
    if found is None:
        raise NotFound()
    return found


def line_for_buyer(actor: Actor, number: str, line_id: UUID) -> tuple[Order, OrderLine]:
    """:raises NotFound: also when it is somebody else's"""
    order = orders_access.order_for_buyer(actor, number)
    line = next((each for each in order.lines.all() if each.pk == line_id), None)
    if line is None:
        raise NotFound()
    return order, line


def review_of_line(line: OrderLine) -> Review | None:
    return Review.objects.for_reading().filter(line_id=line.pk).first()


def open_all(reviews: list[Review]) -> None:
    """Fetch the keys of every author on a page in one query."""
    notes = [note for review in reviews for note in review.notes.all()]
    keys.preload([*(one.subject_id for one in reviews), *(note.author_subject_id for note in notes)])


def nickname(review: Review) -> str:
    return read(review, "nickname").text


def read(row: Review | ReviewNote, name: str = "text") -> Said:
    """What was said, or that it went with its author's account."""
    try:
        with erased.refused():
            words: Any = getattr(row, name)
    except KeyDestroyed:
        return Said("", row.at, gone=True)
    return Said(str(words or ""), row.at)

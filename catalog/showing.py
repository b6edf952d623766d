"""Which pictures a draft shows, in which order, with which words for people who can't see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from catalog import drafting, pictures
from catalog.drafts import MOST_IMAGES
from catalog.models import Listing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid

Image = dict[str, Any]


class TooManyOnListing(Invalid):
    code = "too_many_on_listing"
    message = N_("A listing shows %(limit)s pictures at most; “%(name)s” waits in your collection.")


def arrange(*, listing_id: UUID, images: Sequence[Mapping[str, Any]], actor: Actor, at: datetime) -> Listing:
    """Show these pictures in this order.

    :raises PictureUnknown, PictureRefused, DraftClosed: the draft stays as it was
    """
    return drafting.edit_draft(listing_id=listing_id, changes={"images": list(images)}, actor=actor, at=at)


def add_files(
    *,
    listing: Listing,
    images: Sequence[Image],
    uploads: Sequence[UploadedFile[bytes]],
    actor: Actor,
    at: datetime,
) -> tuple[list[Image], list[DomainError]]:
    """Take files into the shop's collection and behind the pictures shown; a refused file stops no other."""
    shown, refusals = [dict(each) for each in images], list[DomainError]()
    for upload in uploads:
        try:
            picture = pictures.add(merchant_id=listing.merchant_id, upload=upload, actor=actor, at=at)
            _append(shown, picture.source, picture.name)
        except DomainError as refused:
            refusals.append(refused)
    return shown, refusals


def _append(shown: list[Image], source: str, name: str) -> None:
    if any(each["src"] == source for each in shown):
        return
    if len(shown) >= MOST_IMAGES:
        raise TooManyOnListing(limit=MOST_IMAGES, name=name)
    shown.append({"src": source, "alt": {}, "mat": "sand"})


def moved(images: Sequence[Image], index: int, by: int) -> list[Image]:
    """The same pictures with one of them further to the front or the back; at the edge nothing changes."""
    shown, target = list(images), index + by
    if 0 <= index < len(shown) and 0 <= target < len(shown):
        shown[index], shown[target] = shown[target], shown[index]
    return shown

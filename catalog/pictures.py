"""A shop's own collection of pictures: taking one in, and giving up what nothing shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from catalog import picture_making, together
from catalog.drafts import PictureUnknown
from catalog.models import Listing, ListingRevision, Picture
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from merchants.models import Merchant
from privacy.files import safe_name
from rulebook import policies
from web.pictures import OWN

LIMITS = "limits.pictures"
DAY = timedelta(days=1)


class TooManyPictures(DomainError):
    code = "too_many_pictures"
    message = N_(
        "“%(name)s” wasn't taken: a shop can add %(limit)s pictures within 24 hours. Send the rest tomorrow."
    )
    status = 429


class PictureInUse(DomainError):
    code = "picture_in_use"
    message = N_(
        "“%(name)s” stays: %(count)s listings show it or showed it when somebody bought."
        " Take it out of the drafts; what was sold keeps its pictures."
    )


def path_of(picture_id: UUID, width: int) -> str:
    """Where the storage keeps that width; the address carries the same id, so serving asks no table."""
    return f"pictures/{picture_id.hex[-2:]}/{picture_id.hex}-{width}.webp"


def add(*, merchant_id: UUID, upload: UploadedFile[bytes], actor: Actor, at: datetime) -> Picture:
    """Take a picture into the collection; the same bytes again are the picture that is there.

    :raises PictureTooLarge, PictureTypeRefused, PictureUnreadable, PictureHuge, PictureTiny, PictureEmpty:
    :raises TooManyPictures: the shop's day is used up
    """
    name = safe_name(upload.name or "")
    if (upload.size or 0) > picture_making.LIMIT_BYTES:
        raise picture_making.PictureTooLarge(name=name, limit=picture_making.LIMIT_BYTES // 1_048_576)
    plain = upload.read()
    # Decoding takes a while: not while the shop's row is locked.
    made = picture_making.make(plain, name=name)
    return _keep(merchant_id, name, hashlib.sha256(plain).digest(), made, at)


@transaction.atomic
def _keep(merchant_id: UUID, name: str, digest: bytes, made: picture_making.Made, at: datetime) -> Picture:
    merchant = Merchant.objects.locked(merchant_id)
    collection = Picture.objects.of_merchant(merchant.pk)
    if there := collection.with_digest(digest):
        return there
    most = int(policies.value(LIMITS, at)["a_day"])
    if collection.filter(added_at__gt=at - DAY).count() >= most:
        raise TooManyPictures(name=name, limit=most)
    picture = Picture(
        merchant=merchant, name=name, digest=digest, width=made.width, height=made.height, added_at=at
    )
    for width, file in made.files.items():
        default_storage.save(path_of(picture.pk, width), ContentFile(file))
    picture.save(force_insert=True)
    return picture


@transaction.atomic
def remove(*, merchant_id: UUID, picture_id: UUID, actor: Actor, at: datetime) -> None:
    """Give up a picture that no draft and no frozen revision shows.

    :raises PictureInUse: :raises NotFound: another shop's, or absent
    """
    Merchant.objects.locked(merchant_id)
    picture = Picture.objects.of_merchant(merchant_id).filter(pk=picture_id).first()
    if picture is None:
        raise NotFound
    if count := _shown_by(picture):
        raise PictureInUse(name=picture.name, count=count)
    picture.removed_at = at
    picture.save(update_fields=["removed_at"])
    transaction.on_commit(lambda: _unlink(picture_id))


def _shown_by(picture: Picture) -> int:
    """Listings whose draft or any frozen revision shows it."""
    shown = {"images": [{"src": picture.source}]}
    frozen = ListingRevision.objects.filter(
        listing__merchant_id=picture.merchant_id, content__contains=shown
    ).values("listing_id")
    listings = Listing.objects.of_merchant(picture.merchant_id)
    return listings.filter(Q(draft__contains=shown) | Q(pk__in=frozen)).count()


def _unlink(picture_id: UUID) -> None:
    for width in picture_making.WIDTHS:
        default_storage.delete(path_of(picture_id, width))


def require_own(shown: Sequence[tuple[UUID, Iterable[Mapping[str, Any]]]]) -> None:
    """Every picture of a collection that a draft names is of its own shop: (shop, pictures) for each draft.

    :raises RowsRefused: with PictureUnknown; absent and another shop's alike
    """
    named = [{(shop, key) for key in _of_collections(images)} for shop, images in shown]
    wanted = {key for each in named for _shop, key in each}
    rows = (
        Picture.objects.filter(pk__in=wanted, removed_at__isnull=True) if wanted else Picture.objects.none()
    )
    there = set(rows.values_list("merchant_id", "pk"))

    def check(keys: set[tuple[UUID, UUID]]) -> None:
        for _shop, missing in sorted(keys - there):
            raise PictureUnknown(value=f"{OWN}{missing.hex}")

    together.each(named, check)


def _of_collections(images: Iterable[Mapping[str, Any]]) -> set[UUID]:
    sources = (str(each["src"]) for each in images)
    return {UUID(hex=each.removeprefix(OWN)) for each in sources if each.startswith(OWN)}


def by_name(merchant_id: UUID, names: Iterable[str]) -> dict[str, str]:
    """Sources by the names files had when they were sent, the newest of a name: for a file of listings."""
    wanted = {name.strip() for name in names if name.strip()}
    rows = Picture.objects.of_merchant(merchant_id).filter(name__in=wanted).order_by("added_at", "id")
    return {row.name: row.source for row in rows} if wanted else {}


def names_of(merchant_id: UUID, sources: Iterable[str]) -> dict[str, str]:
    """The names by which `by_name` finds these sources again; what a newer one is called like has none."""
    keys = {UUID(hex=each.removeprefix(OWN)) for each in sources if each.startswith(OWN)}
    named = dict(Picture.objects.of_merchant(merchant_id).filter(pk__in=keys).values_list("pk", "name"))
    newest = by_name(merchant_id, named.values())
    found = {f"{OWN}{pk.hex}": name for pk, name in named.items()}
    return {source: name for source, name in found.items() if newest.get(name) == source and ";" not in name}

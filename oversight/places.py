"""What a report is about: an address of this site, turned into an offer, a shop or a page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404, ResolverMatch, resolve

from catalog.models import Listing
from kernel.errors import N_, Invalid
from merchants.models import Merchant
from oversight.states import Target

LENGTH = 500
PAGE_LENGTH = 200


class PlaceUnknown(Invalid):
    code = "report_place_unknown"
    message = N_(
        "We find no such page on this site. Copy its address, or leave this empty and say it in words."
    )


class PlaceNotPublic(Invalid):
    code = "report_place_not_public"
    message = N_(
        "This page is open to you alone. Name the offer or the shop, and put the number in the story."
    )


@dataclass(frozen=True, slots=True)
class Place:
    target: Target
    merchant: Merchant | None = None
    listing: Listing | None = None
    page: str = ""

    @property
    def same(self) -> dict[str, object]:
        """Where another report of the same thing is found; nothing to compare where no page is named."""
        if self.listing is not None:
            return {"target": str(Target.LISTING), "listing": self.listing}
        if self.merchant is not None:
            return {"target": str(Target.SHOP), "merchant": self.merchant}
        return {"target": str(self.target), "page": self.page} if self.page else {}


def of_listing(listing_id: UUID) -> Place:
    """:raises PlaceUnknown: never on sale"""
    found = Listing.objects.select_related("merchant").filter(pk=listing_id, live_revision__isnull=False)
    listing = found.first()
    if listing is None:
        raise PlaceUnknown(field="address")
    return Place(Target.LISTING, listing.merchant, listing)


def of_shop(slug: str) -> Place:
    """:raises PlaceUnknown: never admitted"""
    merchant = Merchant.objects.known_to_the_public().filter(slug=slug).first()
    if merchant is None:
        raise PlaceUnknown(field="address")
    return Place(Target.SHOP, merchant)


def of_address(address: str) -> Place:
    """A whole address or its path; what follows the question mark is dropped, it may name a person.

    :raises PlaceUnknown: :raises PlaceNotPublic: a page of an order, a case, the portal or the desk
    """
    text = address.strip()
    if not text:
        return Place(Target.ELSEWHERE)
    try:
        path = urlsplit(text).path
        found = _resolved(path)
    except (ValueError, Resolver404):
        raise PlaceUnknown(field="address") from None
    if path.startswith(("/admin", "/staff", "/merchant")):
        raise PlaceNotPublic(field="address")
    known = found.kwargs
    if "listing_id" in known or (found.view_name == "catalog:product" and "key" in known):
        return of_listing(_uuid(known.get("listing_id") or known["key"]))
    if "slug" in known and found.route.startswith("shop/"):
        return of_shop(str(known["slug"]))
    if known:
        raise PlaceNotPublic(field="address")
    return Place(Target.PAGE, page=path[:PAGE_LENGTH])


def _resolved(path: str) -> ResolverMatch:
    """With or without the slash at its end, as people copy it."""
    try:
        return resolve(path)
    except Resolver404:
        return resolve(f"{path}/")


def _uuid(key: object) -> UUID:
    try:
        return UUID(str(key))
    except ValueError:
        raise PlaceUnknown(field="address") from None

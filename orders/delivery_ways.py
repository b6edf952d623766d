"""How a shop's goods come to their buyer: sent, sent by express, or picked up; pure, so all pages agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel.errors import N_, DomainError
from kernel.money import Money, total
from orders.states import WayKind as WayKind


@dataclass(frozen=True, slots=True)
class Way:
    """`days`: express is there within so many days of payment; `point`: where it is picked up."""

    kind: WayKind = WayKind.STANDARD
    days: int = 0
    point: UUID | None = None

    @property
    def is_express(self) -> bool:
        return self.kind is WayKind.EXPRESS

    @property
    def is_pickup(self) -> bool:
        return self.kind is WayKind.PICKUP

    @property
    def is_voucher(self) -> bool:
        return self.kind is WayKind.VOUCHER

    @property
    def goes_nowhere(self) -> bool:
        """Whether nobody has to say where they live."""
        return self.kind in (WayKind.PICKUP, WayKind.VOUCHER)

    def is_like(self, other: Way) -> bool:
        """Whether it is the same choice, whatever its days have become."""
        return (self.kind, self.point) == (other.kind, other.point)


STANDARD = Way()
# What was chosen by shop; a shop that isn't named sends the standard way.
Ways = Mapping[UUID, Way]


@dataclass(frozen=True, slots=True)
class ExpressOffer:
    """There within `days` of payment, for `more` on top of the standard freight, line by line."""

    days: int
    more: tuple[Money, ...]

    @property
    def total(self) -> Money:
        return total(self.more)


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """A shop's point as a cart sees it; it has `everything` that the shop sells, or only `listings`."""

    id: UUID
    name: str
    address: str
    hours: str
    everything: bool
    listings: frozenset[UUID]

    def has(self, listing_ids: Iterable[UUID]) -> bool:
        return self.everything or self.listings.issuperset(listing_ids)

    @property
    def told(self) -> dict[str, str]:
        """What an order freezes of it."""
        return {"name": self.name, "address": self.address, "hours": self.hours}


def point_of(row: Mapping[str, Any]) -> PickupPoint:
    """As the cart's statement tells it."""
    listings = frozenset(UUID(str(each)) for each in row["listings"])
    return PickupPoint(
        id=UUID(str(row["id"])),
        name=str(row["name"]),
        address=str(row["address"]),
        hours=str(row["hours"]),
        everything=bool(row["everything"]),
        listings=listings,
    )


class VouchersApart(DomainError):
    code = "vouchers_apart"
    message = N_(
        "Services and goods of one shop are two orders: services are redeemed, goods are sent. Take one of"
        " them out and order it afterwards. Nothing has been charged."
    )


class WayNotOffered(DomainError):
    code = "delivery_way_not_offered"
    status = 409
    message = N_(
        "The way of delivery that you chose can't be had for these goods any more. Choose again:"
        " nothing has been charged."
    )

"""A cart as it stands now, by merchant: what pages show of it and orders are placed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from catalog import confirm_terms, promises
from catalog.freight import Sent
from catalog.models import Listing
from kernel.money import Money, total
from merchants.models import Merchant
from orders.delivery_ways import STANDARD, ExpressOffer, PickupPoint, Way, WayKind, Ways, point_of
from orders.limits import MOST_OF_ONE
from orders.models import CartLine
from orders.promotions.applying import Available, Taken
from orders.promotions.gifts import Gift
from orders.promotions.splitting import Share
from orders.set_lines import InSet

NOTHING, NOTHING_TAKEN = Money(0), Taken()
# The problem of goods that don't go to the chosen place.
NOT_SENT = "not_sent"
# The category of what is redeemed by code.
SERVICES = "services"


@dataclass(frozen=True, slots=True)
class CartItem:
    """A cart line as it stands now; `problem` is "", withdrawn, sold_out, short or not_sent (there).

    A part of a set has the set's problem. `discount` is what the set and promotions take off it together;
    `shares` is the promotions' part.
    """

    line: CartLine
    quantity: int
    unit: Money
    freight: Money
    was: Money | None
    in_stock: int
    problem: str
    sent: Sent | None = None
    in_set: InSet | None = None
    discount: Money = NOTHING
    shares: tuple[Share, ...] = ()
    # The part of `freight` that express costs on top of the standard way, and what that way would cost.
    express: Money = NOTHING
    plain_freight: Money = NOTHING

    @property
    def listing(self) -> Listing:
        return self.line.listing

    @property
    def variant_id(self) -> UUID:
        return self.line.variant_id

    @property
    def key(self) -> UUID:
        """What is taken or left as one: a set, or a variant bought alone."""
        return self.in_set.set_id if self.in_set else self.variant_id

    @property
    def answer_key(self) -> UUID:
        """What the buyer's answer about its return hangs on: for each purchase of its own."""
        return self.line.pk if self.in_set else self.variant_id

    @property
    def is_service(self) -> bool:
        """Whether it is redeemed and never sent."""
        return self.listing.category_id == SERVICES

    @property
    def goods(self) -> Money:
        """What these pieces cost one by one."""
        return self.unit * self.quantity

    @property
    def paid_goods(self) -> Money:
        return self.goods - self.discount

    @property
    def total(self) -> Money:
        return self.paid_goods + self.freight

    @property
    def most(self) -> int:
        return max(1, min(self.in_stock, MOST_OF_ONE))

    @property
    def exclusion(self) -> str:
        """ "", "never" or "confirm": whether it goes back without reason, by its seller and its listing."""
        revision = self.listing.live_revision
        terms = (revision.content.get("terms") or {}) if revision else {}
        if self.listing.merchant.is_private_person:
            return "" if promises.return_days(terms) else "never"
        return terms.get("excludes_return") or ""

    @property
    def confirm_hours(self) -> int | None:
        """Within how many hours its shop confirms; None where it needn't."""
        revision = self.listing.live_revision
        return confirm_terms.hours(revision.content.get("terms") or {}) if revision else None


@dataclass(frozen=True, slots=True)
class CartGroup:
    """What one merchant would send in one order, its `way`, and `express` as it is offered."""

    merchant: Merchant
    items: tuple[CartItem, ...]
    taken: Taken = NOTHING_TAKEN
    gifts: tuple[Gift, ...] = ()
    way: Way = STANDARD
    express: ExpressOffer | None = None
    points: tuple[PickupPoint, ...] = ()
    # Whether any of it goes to the chosen place; else it can only be picked up.
    sends: bool = True

    @property
    def ways(self) -> tuple[Way, ...]:
        """What the buyer may choose from; nothing where services are redeemed."""
        if self.way.is_voucher:
            return ()
        fast = (Way(WayKind.EXPRESS, self.express.days),) if self.express else ()
        sent = (STANDARD, *fast) if self.sends else ()
        return (*sent, *(Way(WayKind.PICKUP, point=each.id) for each in self.points))

    def freight_by(self, way: Way) -> Money:
        """What it would cost to have it come this way."""
        if way.is_pickup:
            return NOTHING
        plain = total(item.plain_freight for item in self.items)
        return plain + self.express.total if way.is_express and self.express else plain

    @property
    def point(self) -> PickupPoint | None:
        """Where it is picked up; None where it is sent."""
        return next((each for each in self.points if each.id == self.way.point), None)

    @property
    def confirm_hours(self) -> int | None:
        """The slowest of its goods, since the shop confirms one order."""
        return max((item.confirm_hours for item in self.items if item.confirm_hours), default=None)

    @property
    def goods(self) -> Money:
        return total(item.goods for item in self.items)

    @property
    def freight(self) -> Money:
        return total(item.freight for item in self.items)

    @property
    def discount(self) -> Money:
        return total(item.discount for item in self.items)

    @property
    def total(self) -> Money:
        return self.goods - self.discount + self.freight

    @property
    def pieces(self) -> int:
        return sum(item.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class Cart:
    """`place` is where the freight is reckoned to, "" while nobody chose; `available` what may come off.

    `held`: its lines are locked, and `pieces` counts all that lies in the cart, whatever part this is.
    """

    groups: tuple[CartGroup, ...]
    blocked: tuple[CartItem, ...]
    place: str = ""
    available: Available = field(default_factory=dict)
    ways: Ways = field(default_factory=dict)
    held: bool = False
    pieces: int = 0

    @property
    def needs_place(self) -> bool:
        """Whether what it costs hangs on where it goes."""
        sent = [item for group in self.groups if not group.way.goes_nowhere for item in group.items]
        return any(item.sent and item.sent.terms for item in (*sent, *self.blocked))

    @property
    def goes_nowhere(self) -> bool:
        """Whether nothing of it is sent, so that nobody has to say where they live."""
        away = any(item.problem == NOT_SENT for item in self.blocked)
        return bool(self.groups) and not away and all(group.way.goes_nowhere for group in self.groups)

    @property
    def is_services(self) -> bool:
        """Whether all of it is redeemed by code."""
        return bool(self.groups) and all(group.way.is_voucher for group in self.groups)

    @property
    def elsewhere(self) -> tuple[CartGroup, ...]:
        """Shops that send none of it to `place`, but where all of it can be picked up."""
        sending, away = {group.merchant.pk for group in self.groups}, dict[UUID, list[CartItem]]()
        for item in self.blocked:
            if item.problem == NOT_SENT and item.listing.merchant_id not in sending:
                away.setdefault(item.listing.merchant_id, []).append(item)
        found = [
            CartGroup(items[0].listing.merchant, tuple(items), points=points_of(items), sends=False)
            for items in away.values()
        ]
        return tuple(group for group in found if group.points)

    @property
    def is_reserved_first(self) -> bool:
        """Whether a shop of it has to confirm, so that the payer's bank only reserves the sum."""
        return any(group.confirm_hours for group in self.groups)

    @property
    def total(self) -> Money:
        return total(group.total for group in self.groups)

    @property
    def items(self) -> tuple[CartItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def bought_pieces(self) -> int:
        """Of what is bought of it; `pieces` counts the whole cart."""
        return sum(group.pieces for group in self.groups)

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.blocked


def points_of(items: Sequence[CartItem]) -> tuple[PickupPoint, ...]:
    """Where all of these can be picked up; known only where the cart was asked for its points."""
    listings = {item.listing.pk for item in items}
    rows = [point_of(row) for row in getattr(items[0].line, "pickup_points", ())]
    return tuple(each for each in rows if each.has(listings))

"""The cart as it stands now: by merchant, with the freight of what travels together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from catalog import freight, import_tax, offers, promises, stock
from catalog.freight import Sent
from catalog.models import Listing
from catalog.offers import VariantOffer
from kernel.money import Money, total
from merchants.models import Merchant
from orders import set_lines
from orders.campaigns import taking_off
from orders.limits import MOST_OF_ONE
from orders.models import CartLine
from orders.promotions import applying, gifts
from orders.promotions.applying import EVERYWHERE, Available, Taken
from orders.promotions.gifts import Gift
from orders.promotions.splitting import Share
from orders.set_lines import BLOCKING, InSet

NOTHING, NOTHING_TAKEN = Money(0), Taken()


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


@dataclass(frozen=True, slots=True)
class CartGroup:
    """What one merchant would send in one order."""

    merchant: Merchant
    items: tuple[CartItem, ...]
    taken: Taken = NOTHING_TAKEN
    gifts: tuple[Gift, ...] = ()

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
    """`place` is where the freight is reckoned to, "" while nobody chose; `available` what may come off."""

    groups: tuple[CartGroup, ...]
    blocked: tuple[CartItem, ...]
    place: str = ""
    available: Available = field(default_factory=dict)

    @property
    def needs_place(self) -> bool:
        """Whether what it costs hangs on where it goes."""
        return any(item.sent and item.sent.terms for item in (*self.items, *self.blocked))

    @property
    def total(self) -> Money:
        return total(group.total for group in self.groups)

    @property
    def items(self) -> tuple[CartItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.blocked


def arrange(lines: object, place: str = "", available: Available | None = None) -> Cart:
    """Group cart lines (with their listings fetched) by merchant, in the order in which they were put in."""
    items = set_lines.joined([_item(line) for line in lines])  # type: ignore[attr-defined]
    return _arranged(items, place, available or {})


def _arranged(items: Sequence[CartItem], place: str, available: Available) -> Cart:
    """One merchant's goods share their parcels, so each line's freight hangs on the others."""
    blocked = [item for item in items if item.problem in BLOCKING]
    by_merchant: dict[UUID, list[CartItem]] = {}
    for item in items:
        if item not in blocked:
            by_merchant.setdefault(item.listing.merchant_id, []).append(item)
    groups = []
    for each in by_merchant.values():
        sent, away = _sent([applying.bare(item) for item in each], place)
        blocked += away
        merchant = each[0].listing.merchant
        offered = available.get(merchant.pk)
        lowered = applying.apply(sent, offered)
        earned = gifts.earned(sent, offered.gifts) if offered else ()
        groups += [CartGroup(merchant, lowered.items, lowered.taken, earned)] if sent else []
    everywhere = available.get(EVERYWHERE)
    if everywhere:
        groups = taking_off.apply(groups, everywhere.campaigns)
    return Cart(tuple(groups), tuple(blocked), place, available)


def _sent(items: Sequence[CartItem], place: str) -> tuple[list[CartItem], list[CartItem]]:
    """One shop's lines with their freight, and those that aren't sent there; a set goes as a whole."""
    parts = _freight(items, place)
    away = {item.key for item, part in zip(items, parts, strict=True) if part is None}
    kept = [item for item in items if item.key not in away]
    if away:
        parts = _freight(kept, place)
    return (
        [replace(item, freight=Money(part or 0)) for item, part in zip(kept, parts, strict=True)],
        [replace(item, problem="not_sent") for item in items if item.key in away],
    )


def _freight(items: Sequence[CartItem], place: str) -> list[int | None]:
    paid = [replace(item.sent, goods_minor=item.paid_goods.minor) for item in items if item.sent]
    return freight.of_order(paid, place)


def only(found: Cart, wanted: Callable[[CartItem], bool]) -> Cart:
    """The part of a cart that `wanted` picks, its freight and what comes off reckoned anew."""
    picked = _arranged([item for item in found.items if wanted(item)], found.place, found.available)
    return replace(picked, blocked=tuple(item for item in found.blocked if wanted(item)))


def _item(line: CartLine) -> CartItem:
    listing, offered = line.listing, offered_of(line)
    in_stock = stock.of_variant(line.variant).available
    if offered is None or not listing.is_live or not listing.merchant.sells:
        return CartItem(
            line, line.quantity, Money(line.seen_minor), Money.zero(), None, in_stock, "withdrawn"
        )
    problem = "sold_out" if in_stock < 1 else "short" if in_stock < line.quantity else ""
    was = Money(line.seen_minor) if line.seen_minor != offered.price_minor else None
    sent = Sent(
        terms=freight.terms_of(listing.content),
        flat_minor=offered.freight_minor,
        pieces=line.quantity,
        grams=offered.grams or 0,
        goods_minor=offered.price_minor * line.quantity,
        mainland_only=import_tax.is_retail_import(listing.content),
    )
    return CartItem(line, line.quantity, offered.price, offered.freight, was, in_stock, problem, sent)


def offered_of(line: CartLine) -> VariantOffer | None:
    """The variant as it is on sale now; None where its listing or the variant itself isn't."""
    listing = line.listing
    if listing.live_revision is None or not line.variant.is_active:
        return None
    return offers.variant(listing.live_revision.content, line.variant_id)

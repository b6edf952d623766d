"""The cart reckoned: its lines by merchant, with the freight of what travels together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from catalog import freight, import_tax, offers, stock
from catalog.freight import Sent
from catalog.offers import VariantOffer
from kernel.money import Money
from orders import set_lines
from orders.arranged import NOT_SENT, NOTHING, Cart, CartGroup, CartItem, points_of
from orders.campaigns import prices, taking_off
from orders.delivery_ways import STANDARD, ExpressOffer, Way, WayKind, Ways
from orders.models import CartLine
from orders.promotions import applying, gifts
from orders.promotions.applying import EVERYWHERE, Available, Taken
from orders.set_lines import BLOCKING


def arrange(
    lines: object, place: str = "", available: Available | None = None, ways: Ways | None = None
) -> Cart:
    """Group cart lines (with their listings fetched) by merchant, in the order in which they were put in."""
    items = set_lines.joined([_item(line) for line in lines])  # type: ignore[attr-defined]
    return _arranged(items, place, available or {}, ways or {})


def _arranged(items: Sequence[CartItem], place: str, available: Available, ways: Ways) -> Cart:
    """One merchant's goods share their parcels, so each line's freight hangs on the others."""
    blocked = [item for item in items if item.problem in BLOCKING]
    by_merchant: dict[UUID, list[CartItem]] = {}
    for item in items:
        if item not in blocked:
            by_merchant.setdefault(item.listing.merchant_id, []).append(item)
    everywhere = available.get(EVERYWHERE)
    pot = prices.Pot(everywhere.prices if everywhere else ())
    groups = []
    for each in by_merchant.values():
        group, away = _group(each, place, available, ways, pot)
        blocked += away
        groups += [group] if group.items else []
    if everywhere and everywhere.campaigns:
        groups = taking_off.apply(groups, everywhere.campaigns)
    return Cart(tuple(groups), tuple(blocked), place, available, ways)


def _group(
    each: Sequence[CartItem], place: str, available: Available, ways: Ways, pot: prices.Pot
) -> tuple[CartGroup, Sequence[CartItem]]:
    """One shop's goods in the chosen way, and what of them isn't sent to `place`."""
    merchant = each[0].listing.merchant
    chosen, points = ways.get(merchant.pk, STANDARD), points_of(each)
    plain = [applying.bare(item) for item in each]
    sent, away = _sent(plain, place)
    offered, sends = _express(sent, place), bool(sent)
    way = STANDARD
    if all(item.is_service for item in each):
        way, points, offered, away = Way(WayKind.VOUCHER), (), None, []
        sent = [replace(item, freight=NOTHING, express=NOTHING) for item in plain]
    elif any(point.id == chosen.point for point in points):
        way, away = Way(WayKind.PICKUP, point=chosen.point), []
        plain_ones = {item.line.pk: item for item in sent}
        sent = [replace(plain_ones.get(item.line.pk, item), freight=NOTHING) for item in plain]
    elif offered and chosen.is_express:
        way = Way(WayKind.EXPRESS, offered.days)
        sent = _by_express(sent, offered)
    promoted = available.get(merchant.pk)
    cheaper = pot.lower(sent)
    lowered = applying.apply(cheaper, promoted)
    taken = _with_prices(lowered.taken, cheaper, pot.prices)
    earned = gifts.earned(sent, promoted.gifts) if promoted and sent and not way.is_voucher else ()
    group = CartGroup(merchant, lowered.items, taken, earned, way, offered, points, sends)
    return group, away


def _express(items: Sequence[CartItem], place: str) -> ExpressOffer | None:
    sent = _paid(items)
    more = freight.express_more(sent, place) if sent else None
    if more is None:
        return None
    return ExpressOffer(freight.express_days(sent), tuple(Money(each) for each in more))


def _by_express(items: Sequence[CartItem], offered: ExpressOffer) -> list[CartItem]:
    return [
        replace(item, freight=item.freight + more, express=more)
        for item, more in zip(items, offered.more, strict=True)
    ]


def _with_prices(taken: Taken, items: Sequence[CartItem], known: Sequence[prices.GoodsPrice]) -> Taken:
    """Campaigns' prices stand first among what came off: they came off first."""
    if not any(item.shares for item in items):
        return taken
    return replace(taken, offers=(*prices.applied(items, known), *taken.offers), prices=tuple(known))


def _sent(items: Sequence[CartItem], place: str) -> tuple[list[CartItem], list[CartItem]]:
    """One shop's lines with their freight, and those that aren't sent there; a set goes as a whole."""
    parts = _freight(items, place)
    away = {item.key for item, part in zip(items, parts, strict=True) if part is None}
    kept = [item for item in items if item.key not in away]
    if away:
        parts = _freight(kept, place)
    return (
        [_at_cost(item, Money(part or 0)) for item, part in zip(kept, parts, strict=True)],
        [replace(item, problem=NOT_SENT) for item in items if item.key in away],
    )


def _at_cost(item: CartItem, freight: Money) -> CartItem:
    return replace(item, freight=freight, plain_freight=freight, express=NOTHING)


def _freight(items: Sequence[CartItem], place: str) -> list[int | None]:
    return freight.of_order(_paid(items), place)


def _paid(items: Sequence[CartItem]) -> list[Sent]:
    """What is sent, worth what is paid for it."""
    return [replace(item.sent, goods_minor=item.paid_goods.minor) for item in items if item.sent]


def only(found: Cart, wanted: Callable[[CartItem], bool]) -> Cart:
    """The part of a cart that `wanted` picks, its freight and what comes off reckoned anew."""
    items, blocked = [item for item in found.items if wanted(item)], [*filter(wanted, found.blocked)]
    if len(items) == len(found.items):
        return replace(found, blocked=tuple(blocked))
    picked = _arranged(items, found.place, found.available, found.ways)
    return replace(found, groups=picked.groups, blocked=(*picked.blocked, *blocked))


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

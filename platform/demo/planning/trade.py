"""Four months of everyday buying: most of it goes well, each shop fails as often as is its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from demo.content import Goods, Shop
from demo.planning import parcels, returns
from demo.planning.offers import WITHHELD
from demo.planning.opening import opening_day
from demo.planning.parcels import Leg
from demo.script import Script

# What happens to a few orders whatever the shop is like: every how manieth.
UNPAID_EVERY, GIVEN_UP_EVERY, DECLINED_EVERY, TWICE_AT = 29, 61, 47, 101
ORDERS_LEAST, ORDERS_NEW, TWO_SHOPS = 33, 14, 0.18
CANCELLED_EVERY, LOST_EVERY = 41, 133
# The shop that once has to cancel: the wood had a crack.
# Services are redeemed and have steps of their own (planning.lessons).
SERVICES = "services"
SELLS_OUT = "muzuo-lane"
RETURNS: tuple[Callable[..., None], ...] = (
    returns.send_back,
    returns.send_back,
    returns.send_back_faulty,
    returns.send_back,
    returns.forget,
    returns.send_back,
    returns.send_back_faulty,
    returns.change_mind,
)


class Shelves:
    """What is left to sell, so that nobody plans to buy the piece that another has bought."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._taken: Counter[str] = Counter()
        self._turn: Counter[str] = Counter()

    def pick(self, shop: Shop) -> tuple[Goods, int]:
        """Some goods of the shop; dear ones are bought less often and one at a time."""
        there = [each for each in shop.on_sale if each.key not in WITHHELD and each.category != SERVICES]
        open_ones = [goods for goods in there if goods.stock - self._taken[goods.key] > 6]
        weights = [1 / (1 + goods.price_minor / 20_000) for goods in open_ones]
        goods = self._script.rng.choices(open_ones, weights)[0]
        quantity = self._script.rng.choice((1, 1, 1, 1, 2, 2, 3)) if goods.price_minor < 8_000 else 1
        self._taken[goods.key] += quantity
        return goods, quantity

    def is_late(self, shop: Shop) -> bool:
        """Spread evenly, so that a shop's record is what its rate says, not luck."""
        rate = shop.behaviour["late_dispatch_rate"]
        number = self.turn(f"sent:{shop.slug}")
        return int(number * rate + 0.5) > int((number - 1) * rate + 0.5)

    def turn(self, name: str) -> int:
        self._turn[name] += 1
        return self._turn[name]


def plan(script: Script) -> None:
    """Fill each shop up to its share of the trade, in purchases from one shop or two."""
    shelves = Shelves(script)
    shoppers = list(script.content.shoppers)
    deck = _deck(script)
    while deck:
        shops = [deck.pop()]
        if deck and deck[-1] != shops[0] and script.rng.random() < TWO_SHOPS:
            shops.append(deck.pop())
        basket = [shelves.pick(shop) for shop in shops for _ in range(script.rng.choice((1, 1, 1, 2)))]
        basket = list({goods.key: (goods, quantity) for goods, quantity in basket}.values())
        _play(script, shelves, script.rng.choice(shoppers), basket, _moment(script, shops))


def _deck(script: Script) -> list[Shop]:
    """One card for each order that a shop still needs, shuffled."""
    cards = [
        shop
        for shop in script.content.shops.values()
        for _ in range(_wanted(shop) - script.orders[shop.slug])
    ]
    script.rng.shuffle(cards)
    return cards


def _wanted(shop: Shop) -> int:
    """A new shop stays below what a grade needs; every other one comes above it."""
    return ORDERS_NEW if shop.is_new else ORDERS_LEAST + int(100 * shop.behaviour["order_share"])


def _moment(script: Script, shops: list[Shop]) -> datetime:
    """Some time since all the shops are open, a little more of it lately."""
    first = max(opening_day(script, shop) for shop in shops) + 1
    day = first + int((script.days - first + 1) * script.rng.random() ** 0.85)
    return min(script.shopping_hour(day), script.ends - script.between(hours=(1, 9)))


def _play(
    script: Script, shelves: Shelves, shopper: str, basket: list[tuple[Goods, int]], at: datetime
) -> None:
    number = shelves.turn("purchase")
    pays = "pay"
    if number % UNPAID_EVERY == 7 or number % GIVEN_UP_EVERY == 19:
        pays = ""
    elif number % DECLINED_EVERY == 11:
        pays = "decline"
    elif number == TWICE_AT:
        pays = "twice"
    legs = parcels.purchase(script, shopper=shopper, basket=basket, at=at, pays=pays)
    if not pays:
        if number % GIVEN_UP_EVERY == 19:
            script.add(at + script.between(minutes=(6, 20)), "cancel", legs[0].key, by="buyer")
        return
    if pays == "decline":
        script.add(legs[0].paid_at + 5 * timedelta(minutes=1), "pay", legs[0].key, choice="pay")
        legs = [Leg(leg.key, leg.shop, leg.goods, leg.paid_at + timedelta(minutes=5)) for leg in legs]
    for leg in legs:
        _fate(script, shelves, leg)


def _fate(script: Script, shelves: Shelves, leg: Leg) -> None:
    number = shelves.turn("leg")
    custom = any(goods.category == "custom-made" for goods in leg.goods)
    late = shelves.is_late(leg.shop)
    if number % CANCELLED_EVERY == 5 and not custom and not leg.is_digital:
        script.add(leg.paid_at + script.between(minutes=(15, 90)), "cancel", leg.key, by="buyer")
    elif number % LOST_EVERY == 50 and not leg.is_digital:
        parcels.lose(script, leg)
    elif leg.shop.slug == SELLS_OUT and shelves.turn("sold out") == 9:
        script.add(leg.paid_at + script.between(hours=(1, 8)), "cancel", leg.key, by="shop")
    elif late and shelves.turn("late") % 5 == 3:
        script.add(leg.paid_at + leg.promise + script.between(hours=(2, 20)), "cancel", leg.key, by="buyer")
    elif late and shelves.turn("never") % 13 == 9:
        return
    else:
        delivered = parcels.keep(script, leg, late=late)
        _maybe_return(script, shelves, leg, delivered)


def _maybe_return(script: Script, shelves: Shelves, leg: Leg, delivered_at: datetime) -> None:
    free = all(not goods.exclusion for goods in leg.goods)
    if free and script.rng.random() < leg.shop.behaviour["return_rate"] * 1.4:
        play = RETURNS[shelves.turn("return") % len(RETURNS)]
        play(script, leg, delivered_at=delivered_at)

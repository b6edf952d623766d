"""An order on its way, and what may become of it: each fate adds the steps that lead there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.content import Goods, Shop
from demo.script import Script

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATEST_DISPATCH = timedelta(days=12)
# Parcels of this long ago are shown with every scan; of older ones only the last is told.
SEEN_LATELY = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Leg:
    """One merchant's order of a purchase, paid at `paid_at`."""

    key: str
    shop: Shop
    goods: tuple[Goods, ...]
    paid_at: datetime

    @property
    def promise(self) -> timedelta:
        """How long the merchant has to hand it over: the slowest line's promise."""
        return timedelta(hours=max(goods.dispatch_hours for goods in self.goods))

    @property
    def is_digital(self) -> bool:
        return all(goods.category == "digital" for goods in self.goods)


def purchase(
    script: Script,
    *,
    shopper: str,
    basket: Sequence[tuple[Goods, int]],
    at: datetime,
    pays: str = "pay",
    covers: Sequence[str] = (),
    way: str = "",
    points: int = 0,
) -> list[Leg]:
    """Put into the cart, ordered and (unless `pays` is empty) paid; gives one leg per shop.

    `covers` are an insurer's products, bought for each of its lines. `way` is express, or pickup: and the
    name of a point; empty for the standard one. `points` pay a part of it.
    """
    key = script.next_key()
    wanted = [(goods.key, quantity) for goods, quantity in basket]
    confirmed = [goods.key for goods, _ in basket if goods.exclusion == "confirm"]
    asked = {"confirmed": confirmed, "covers": list(covers), "way": way, "points": points}
    script.add(at, "buy", key, shopper=shopper, basket=wanted, **asked)
    paid_at = at + script.between(minutes=(1, 8))
    first = basket[0][0].shop
    if pays:
        script.add(paid_at, "pay", f"{key}/{first}", choice=pays)
    slugs = list(dict.fromkeys(goods.shop for goods, _ in basket))
    script.orders.update(slugs)
    return [
        Leg(
            f"{key}/{slug}",
            script.content.seller(slug),
            tuple(goods for goods, _ in basket if goods.shop == slug),
            paid_at,
        )
        for slug in slugs
    ]


def dispatch_at(script: Script, leg: Leg, *, late: bool = False) -> datetime:
    """When the merchant hands the parcel over."""
    share = script.rng.uniform(1.1, 1.9) if late else script.rng.uniform(0.15, 0.8)
    wait = min(leg.promise * share, LATEST_DISPATCH)
    return leg.paid_at + timedelta(seconds=int(wait.total_seconds()))


def deliver(
    script: Script, leg: Leg, *, shipped_at: datetime, delivered_at: datetime | None = None
) -> datetime:
    """Shipped, seen by the carrier, signed for; gives the instant of the last."""
    script.add(shipped_at, "ship", leg.key)
    if leg.is_digital:
        return script.add(delivered_at or shipped_at + 3 * MINUTE, "confirm", leg.key)
    arrives = delivered_at or shipped_at + script.between(hours=(26, 80))
    if arrives > script.ends - SEEN_LATELY:
        script.add(shipped_at + (arrives - shipped_at) / 10, "scan", leg.key, kind="collected")
        script.add(shipped_at + (arrives - shipped_at) / 2, "scan", leg.key, kind="in_transit")
    if script.rng.random() < 0.12:
        return script.add(arrives, "confirm", leg.key)
    return script.add(arrives, "scan", leg.key, kind="delivered")


def keep(script: Script, leg: Leg, *, late: bool = False) -> datetime:
    """Delivered and kept; settlement comes by itself. Gives the delivery."""
    return deliver(script, leg, shipped_at=dispatch_at(script, leg, late=late))


def arrive(script: Script, *, shopper: str, goods: Goods, delivered_at: datetime, quantity: int = 1) -> Leg:
    """An order of one thing, told backwards from its delivery."""
    shipped_at = delivered_at - script.between(hours=(28, 60))
    lead = min(timedelta(hours=goods.dispatch_hours) * 0.6, timedelta(hours=60))
    at = shipped_at - lead
    (leg,) = purchase(script, shopper=shopper, basket=[(goods, quantity)], at=at)
    deliver(script, leg, shipped_at=shipped_at, delivered_at=delivered_at)
    return leg


def lose(script: Script, leg: Leg) -> None:
    """Handed over, and never seen by the carrier: after its silence all money goes back."""
    script.add(dispatch_at(script, leg), "ship", leg.key)

"""The first day: people join, shops are admitted, goods go on sale."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo.content import Goods, Shop
from demo.planning.offers import BESIDE, FREIGHT, WITHHELD
from demo.script import Script

# The new shop joins so late that it is still new at the end.
NEW_SHOP_DAYS = 35
NEW_SHOP_DAYS_SMALL = 20
SMALL_GOODS = 3


def plan(script: Script) -> None:
    for number, person in enumerate(script.content.staff):
        script.add(script.local(0, 6) + timedelta(minutes=number), "hire", person["key"], person=person)
    for number, person in enumerate(script.content.shoppers.values()):
        script.add(script.local(0, 7) + timedelta(minutes=number), "join", person["key"], person=person)
    for number, shop in enumerate(script.content.shops.values()):
        day = opening_day(script, shop)
        opened = script.local(day, 8) + timedelta(minutes=5 * number)
        script.add(opened, "apply", shop.slug, shop=shop)
        script.add(opened + timedelta(minutes=90), "approve", shop.slug)
        _fill(script, shop, script.local(day, 11) + timedelta(minutes=20 * number))
    for number, told in enumerate(script.content.sets):
        day = opening_day(script, script.content.shops[told["shop"]])
        at = script.local(day, 18) + timedelta(minutes=number)
        script.add(at, "put_together", told["shop"], told=told)


def opening_day(script: Script, shop: Shop) -> int:
    before = NEW_SHOP_DAYS_SMALL if script.small else NEW_SHOP_DAYS
    return script.days - before if shop.is_new else 0


def _fill(script: Script, shop: Shop, at: datetime) -> None:
    for number, goods in enumerate(shelf(script, shop)):
        listed = at + timedelta(minutes=number)
        script.add(listed, "list_goods", goods.key, goods=goods, freight=FREIGHT.get(goods.key))


def free(shop: Shop) -> tuple[Goods, ...]:
    """Goods that may be sent back without a reason."""
    return tuple(goods for goods in shop.on_sale if not goods.exclusion)


def shelf(script: Script, shop: Shop) -> tuple[Goods, ...]:
    """What the shop lists: everything, or in the small demonstration a little more than its stories."""
    if not script.small:
        return shop.goods
    told = {story["code"] for story in script.content.stories["complaints"][-5:]}
    told |= {key.partition("/")[2] for key in (*FREIGHT, *WITHHELD, *BESIDE)}
    first = free(shop)[:SMALL_GOODS]
    return tuple(goods for goods in shop.goods if goods in first or goods.code in told)

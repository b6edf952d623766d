"""How a shop's goods come: radio buttons by shop at checkout, the standard way until the buyer says else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.web import freight_words
from kernel.money import Money
from orders.arranged import Cart, CartGroup
from orders.delivery_ways import STANDARD, PickupPoint, Way, WayKind
from orders.models import Order
from web.formats import money_text

PREFIX = "way_"


def picks(data: QueryDict) -> dict[UUID, Way]:
    """What the buyer chose; an unreadable answer is the standard way."""
    found = {}
    for name, answer in data.items():
        if name.startswith(PREFIX):
            try:
                found[UUID(name.removeprefix(PREFIX))] = _read(str(answer))
            except ValueError:
                continue
    return found


def _read(answer: str) -> Way:
    """:raises ValueError: for what is no way"""
    kind, _mark, point = answer.partition(":")
    if kind == WayKind.PICKUP:
        return Way(WayKind.PICKUP, point=UUID(point))
    return Way(WayKind(answer))


def mark(found: Cart) -> str:
    """The ways in a total, for the page to send back: so a changed choice is noticed before paying."""
    chosen = [group for group in found.groups if group.way.kind is not WayKind.STANDARD]
    return ",".join(sorted(f"{each.merchant.pk.hex}-{_value(each.way)}" for each in chosen))


def settled(found: Cart) -> dict[UUID, Way]:
    """How each shop's goods come, as the page showed it."""
    return {group.merchant.pk: group.way for group in found.groups}


def _value(way: Way) -> str:
    return f"{way.kind}:{way.point.hex}" if way.point else str(way.kind)


def shown(group: CartGroup) -> dict[str, Any]:
    """The ways to choose from; none where there is only the standard one."""
    ways = [*_sent(group), *(_at(point, group) for point in group.points)]
    if len(ways) < 2:
        return {"ways": [], "point": None}
    name = f"{PREFIX}{group.merchant.pk.hex}"
    return {"ways": ways, "way_name": name, "point": group.point, "fast": group.express is not None}


def only_there(group: CartGroup) -> dict[str, Any]:
    """The points of a shop that doesn't send its goods; none is chosen yet."""
    ways = [_at(point, group) for point in group.points]
    return {"ways": ways, "way_name": f"{PREFIX}{group.merchant.pk.hex}", "point": None, "fast": False}


def _sent(group: CartGroup) -> list[dict[str, Any]]:
    """To the door: what the standard way costs, and express where there is one."""
    plain = Money(sum(item.plain_freight.minor for item in group.items))
    ways = [_way(STANDARD, _("Standard delivery"), money_text(plain), group)]
    if group.express is not None:
        note = f"{money_text(plain + group.express.total)} · {freight_words.within(group.express.days)}"
        ways.append(_way(Way(WayKind.EXPRESS), _("Express"), note, group))
    return ways


def _at(point: PickupPoint, group: CartGroup) -> dict[str, Any]:
    label = _("Pick up at %(name)s") % {"name": point.name}
    return _way(Way(WayKind.PICKUP, point=point.id), label, f"{point.address} · {point.hours}", group)


def _way(way: Way, label: str, note: str, group: CartGroup) -> dict[str, Any]:
    return {"value": _value(way), "label": label, "note": note, "used": group.way.is_like(way)}


def of_order(order: Order) -> str:
    """How an order comes, in words; "" for the standard way."""
    if order.is_picked_up:
        return _("Pick up at %(name)s") % {"name": order.point_told["name"]}
    if order.express_days is None:
        return ""
    return f"{_('Express')} · {freight_words.within(order.express_days)}"

"""How a shop's goods come: radio buttons by shop at checkout, the standard way until the buyer says else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.web import freight_words
from orders import delivery_promises
from orders.arranged import Cart, CartGroup
from orders.delivery_ways import Way, WayKind
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
    plain = (WayKind.STANDARD, WayKind.VOUCHER)
    chosen = [group for group in found.groups if group.way.kind not in plain]
    return ",".join(sorted(f"{each.merchant.pk.hex}-{_value(each.way)}" for each in chosen))


def settled(found: Cart) -> dict[UUID, Way]:
    """How each shop's goods come, as the page showed it."""
    return {group.merchant.pk: group.way for group in found.groups}


def _value(way: Way) -> str:
    return f"{way.kind}:{way.point.hex}" if way.point else str(way.kind)


def shown(group: CartGroup, *, at: datetime) -> dict[str, Any]:
    """The ways to choose from, none where there is only the standard one, and what the used one promises."""
    if group.way.is_voucher:
        return {"ways": [], "point": None, "promised": ""}
    ways = [_way(each, group, at=at) for each in group.ways]
    if group.sends and len(ways) < 2:
        return {"ways": [], "point": None, "promised": promise_said(group, group.way, at=at)}
    return {
        "ways": ways,
        "way_name": f"{PREFIX}{group.merchant.pk.hex}",
        "point": group.point,
        "fast": group.express is not None and group.sends,
        "promised": promise_said(group, group.way, at=at),
    }


def _way(way: Way, group: CartGroup, *, at: datetime) -> dict[str, Any]:
    point = next((each for each in group.points if each.id == way.point), None)
    if point is not None:
        label = _("Pick up at %(name)s") % {"name": point.name}
        costs = f"{point.address} · {point.hours}"
    else:
        label = _("Express") if way.is_express else _("Standard delivery")
        costs = money_text(group.freight_by(way))
    return {
        "value": _value(way),
        "label": label,
        "note": f"{costs} · {promise_said(group, way, at=at)}",
        "used": group.way.is_like(way),
    }


def promise_said(group: CartGroup, way: Way, *, at: datetime) -> str:
    """When it comes or lies ready, in words."""
    told = delivery_promises.of_way(group, way, at=at)
    if told.there_days:
        return freight_words.within(told.there_days)
    n = told.ready_hours
    if told.kept_days is None:
        said = ngettext("sent within %(n)s hour of payment", "sent within %(n)s hours of payment", n)
        return said % {"n": n}
    ready = ngettext("ready within %(n)s hour of payment", "ready within %(n)s hours of payment", n)
    kept = ngettext("kept for %(n)s day", "kept for %(n)s days", told.kept_days)
    return f"{ready % {'n': n}} · {kept % {'n': told.kept_days}}"


def of_order(order: Order) -> str:
    """How an order comes, in words; "" for the standard way."""
    if order.is_picked_up:
        return _("Pick up at %(name)s") % {"name": order.point_told["name"]}
    if order.is_voucher:
        return _("Redeemed by code")
    if order.express_days is None:
        return ""
    return f"{_('Express')} · {freight_words.within(order.express_days)}"

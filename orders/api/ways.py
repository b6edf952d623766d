"""How each shop's goods come, told to programs and chosen by them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.errors import N_, Invalid
from orders import delivery_promises
from orders.arranged import Cart, CartGroup
from orders.delivery_ways import Way, WayNotOffered, Ways
from orders.web import way_choice


class NoSuchShop(Invalid):
    code = "no_such_shop_in_cart"
    message = N_("Nothing of the shop %(shop)s is in this cart. Read the cart again.")


def told(group: CartGroup, *, at: datetime) -> list[dict[str, Any]]:
    """Each way that is offered, what it costs and what it promises."""
    return [_told(each, group, at=at) for each in group.ways]


def _told(way: Way, group: CartGroup, *, at: datetime) -> dict[str, Any]:
    promised = delivery_promises.of_way(group, way, at=at)
    return {
        "kind": way.kind,
        "point": next((each for each in group.points if each.id == way.point), None),
        "freight_minor": group.freight_by(way).minor,
        "promised": {
            "ready_within_hours": promised.ready_hours,
            "there_within_days": promised.there_days,
            "kept_for_days": promised.kept_days,
            "words": way_choice.promise_said(group, way, at=at),
        },
        "chosen": group.way.is_like(way),
    }


def chosen(found: Cart, wanted: Mapping[str, Way]) -> Ways:
    """By shop, what was named by its address.

    :raises NoSuchShop: for one that the cart has nothing of :raises WayNotOffered: for what can't be had
    """
    groups = {group.merchant.slug: group for group in (*found.groups, *found.elsewhere)}
    for slug, way in wanted.items():
        if slug not in groups:
            raise NoSuchShop(field="ways", shop=slug[:40])
        if not any(way.is_like(each) for each in groups[slug].ways):
            raise WayNotOffered(field="ways", shop=slug)
    return {groups[slug].merchant.pk: way for slug, way in wanted.items()}

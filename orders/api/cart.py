"""A person's cart for their programs: the same cart as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from orders import cart
from orders.api import ways
from orders.api.buying_serializers import (
    AddSerializer,
    CartQuery,
    CartSerializer,
    QuantitySerializer,
)
from orders.api.described import REFUSALS, STEP_REFUSALS
from orders.arranged import Cart, CartGroup, CartItem
from orders.delivery_ways import Way
from orders.models import DiscountKind
from web.api_input import asked, read


def item_told(item: CartItem) -> dict[str, Any]:
    return {
        "listing": item.listing.pk,
        "variant": item.variant_id,
        "set": item.in_set.set_id if item.in_set else None,
        "quantity": item.quantity,
        "unit_minor": item.unit.minor,
        "was_minor": item.was.minor if item.was else None,
        "goods_minor": item.goods.minor,
        "discount_minor": item.discount.minor,
        "freight_minor": item.freight.minor,
        "total_minor": item.total.minor,
        "in_stock": item.in_stock,
        "problem": item.problem,
        "exclusion": item.exclusion,
        "confirm_hours": item.confirm_hours,
        "answer": item.answer_key if item.exclusion == "confirm" else None,
    }


def _group_told(group: CartGroup, at: datetime) -> dict[str, Any]:
    used = {each.offer.reference for each in group.taken.offers}
    coupons = [each for each in group.taken.useful if each.offer.kind == DiscountKind.COUPON]
    return {
        "shop": group.merchant.slug,
        "items": [item_told(item) for item in group.items],
        "goods_minor": group.goods.minor,
        "discount_minor": group.discount.minor,
        "freight_minor": group.freight.minor,
        "total_minor": group.total.minor,
        "coupons": [
            {"id": each.offer.reference, "off_minor": each.off_minor, "used": each.offer.reference in used}
            for each in coupons
        ],
        "ways": ways.told(group, at=at),
    }


def _elsewhere_told(group: CartGroup, at: datetime) -> dict[str, Any]:
    return {
        "shop": group.merchant.slug,
        "variants": [item.variant_id for item in group.items],
        "ways": ways.told(group, at=at),
    }


def told(found: Cart, at: datetime) -> dict[str, Any]:
    """The cart with what stands in the way and what its buyer is asked."""
    return {
        "destination": found.place,
        "needs_destination": found.needs_place,
        "groups": [_group_told(group, at) for group in found.groups],
        "blocked": [item_told(item) for item in found.blocked],
        "elsewhere": [_elsewhere_told(group, at) for group in found.elsewhere],
        "total": found.total,
    }


def contents(
    subject_id: UUID, place: str, at: datetime, wanted: Mapping[str, Way] | None = None
) -> dict[str, Any]:
    """With `wanted` by shop, what it costs when it comes like that."""
    found = cart.contents(subject_id=subject_id, place=place, at=at, ways={})
    if wanted:
        picked = ways.chosen(found, wanted)
        found = cart.contents(subject_id=subject_id, place=place, at=at, ways=picked)
    return dict(CartSerializer(told(found, at)).data)


class OwnCart(OwnAPI):
    """What is in the cart now: prices, freight and what comes off for `destination`, sent or picked up."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(
        parameters=[CartQuery], responses={200: CartSerializer, **STEP_REFUSALS}, operation_id="own_cart"
    )
    def get(self, request: Request) -> Response:
        query = asked(CartQuery, request)
        place, wanted = query["destination"], query["ways"]
        return Response(contents(self.subject_id, place, clock.now(), wanted))


class OwnCartLines(OwnAPI):
    """Put something in; on top of what is there already."""

    scopes = {"POST": Scope.OWN_BUY}

    @extend_schema(
        request=AddSerializer,
        responses={200: CartSerializer, **STEP_REFUSALS},
        operation_id="own_cart_put",
    )
    def post(self, request: Request) -> Response:
        told, now = read(AddSerializer, request), clock.now()
        chosen = {"listing_id": told["listing"], "variant_id": told.get("variant")}
        cart.put(subject_id=self.subject_id, **chosen, quantity=told["quantity"], actor=self.actor, at=now)
        return Response(contents(self.subject_id, "", now))


class OwnCartLine(OwnAPI):
    """Change how many of a variant there are, or take it out."""

    scopes = {"PUT": Scope.OWN_BUY, "DELETE": Scope.OWN_BUY}

    @extend_schema(
        request=QuantitySerializer,
        responses={200: CartSerializer, **STEP_REFUSALS},
        operation_id="own_cart_change",
    )
    def put(self, request: Request, variant_id: UUID) -> Response:
        told, now = read(QuantitySerializer, request), clock.now()
        cart.change(
            subject_id=self.subject_id,
            variant_id=variant_id,
            quantity=told["quantity"],
            actor=self.actor,
            at=now,
        )
        return Response(contents(self.subject_id, "", now))

    @extend_schema(responses={200: CartSerializer, **REFUSALS}, operation_id="own_cart_remove")
    def delete(self, request: Request, variant_id: UUID) -> Response:
        cart.remove(subject_id=self.subject_id, variant_id=variant_id)
        return Response(contents(self.subject_id, "", clock.now()))

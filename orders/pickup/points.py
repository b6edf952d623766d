"""A shop's service points: opened, changed and closed; orders keep what they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from catalog.models import Listing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Merchant
from orders.limits import ADDRESS_LENGTH, OPENING_LENGTH, POINT_NAME_LENGTH
from orders.models import Order, PointOffer, ServicePoint
from orders.states import OrderState
from rulebook import policies

LIMITS = "pickup.limits"
WAITING = (OrderState.AWAITING_PAYMENT, OrderState.RESERVED, OrderState.PAID, OrderState.SHIPPED)


class PointRefused(Invalid):
    code = "service_point_refused"
    message = N_("Write the name, the full address and the opening hours of the service point.")


class PointOffersNothing(Invalid):
    code = "service_point_offers_nothing"
    message = N_("Choose at least one thing that people can do there.")


class PointGoodsUnknown(Invalid):
    code = "service_point_goods_unknown"
    message = N_("Your shop has no product with the code “%(code)s”. Write one code a line, as in your list.")


class PointNameTaken(DomainError):
    code = "service_point_name_taken"
    message = N_("You already have a service point called “%(name)s”. Choose another name.")


class TooManyPoints(DomainError):
    code = "too_many_service_points"
    message = N_("A shop has at most %(most)s service points. Close one first.")


class PointAwaited(DomainError):
    code = "service_point_awaited"
    message = N_(
        "%(count)s orders are still to be picked up there. Hand them over or cancel them first, or let it"
        " offer no new pick-ups."
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote; without `codes` the shop's whole range is there."""

    name: str
    address: str
    hours: str
    offers: Sequence[str]
    codes: Sequence[str] = ()

    def checked(self, merchant_id: UUID) -> dict[str, Any]:
        """:raises PointRefused, PointOffersNothing, PointGoodsUnknown: with the field to change"""
        told: dict[str, Any] = {}
        lengths = {"name": POINT_NAME_LENGTH, "address": ADDRESS_LENGTH, "hours": OPENING_LENGTH}
        for field, most in lengths.items():
            told[field] = " ".join(getattr(self, field).split())
            if not 0 < len(told[field]) <= most or not told[field].isprintable():
                raise PointRefused(field=field)
        known = [str(each) for each in PointOffer]
        told["offers"] = [each for each in known if each in self.offers]
        if not told["offers"] or len(told["offers"]) < len(set(self.offers)):
            raise PointOffersNothing(field="offers")
        told["listings"] = _listings(merchant_id, self.codes)
        told["everything"] = not told["listings"]
        return told


def _listings(merchant_id: UUID, codes: Sequence[str]) -> list[UUID]:
    wanted = list(dict.fromkeys(code for each in codes if (code := each.strip())))
    rows = Listing.objects.of_merchant(merchant_id).filter(code__in=wanted)
    found = dict(rows.values_list("code", "pk"))
    for code in wanted:
        if code not in found:
            raise PointGoodsUnknown(code=code[:40], field="codes")
    return sorted(found.values())


@transaction.atomic
def open_point(*, merchant_id: UUID, written: Written, actor: Actor, at: datetime) -> ServicePoint:
    """A new service point of the shop.

    :raises PointRefused, PointOffersNothing, PointGoodsUnknown, PointNameTaken: with the field to change
    :raises TooManyPoints: when the shop has as many as policy `pickup.limits` lets it
    """
    merchant = Merchant.objects.locked(merchant_id)
    told, most = written.checked(merchant_id), int(policies.value(LIMITS, at)["points"])
    if ServicePoint.objects.of_merchant(merchant_id).count() >= most:
        raise TooManyPoints(most=most)
    return _save(ServicePoint(merchant=merchant, opened_at=at), told, at)


@transaction.atomic
def change(
    *, point_id: UUID, merchant_id: UUID, written: Written, actor: Actor, at: datetime
) -> ServicePoint:
    """Change what is said of it from now on; orders keep what they were told.

    :raises NotFound: for another shop's, or a closed one :raises PointRefused and others: as `open_point`
    """
    point = _own(point_id, merchant_id)
    return _save(point, written.checked(merchant_id), at)


@transaction.atomic
def close(*, point_id: UUID, merchant_id: UUID, actor: Actor, at: datetime) -> None:
    """:raises NotFound: for another shop's, or a closed one :raises PointAwaited: while orders wait there"""
    point = _own(point_id, merchant_id)
    waiting = Order.objects.of_merchant(merchant_id).filter(point=point, state__in=WAITING).count()
    if waiting:
        raise PointAwaited(count=waiting)
    point.closed_at = at
    point.save(update_fields=["closed_at"])


def _own(point_id: UUID, merchant_id: UUID) -> ServicePoint:
    point = ServicePoint.objects.locked(point_id)
    if point.merchant_id != merchant_id or point.closed_at is not None:
        raise NotFound()
    return point


def _save(point: ServicePoint, told: dict[str, Any], at: datetime) -> ServicePoint:
    for name, value in told.items():
        setattr(point, name, value)
    point.changed_at = at
    try:
        with transaction.atomic():
            point.save()
    except IntegrityError as error:
        if "a_service_point_has_a_name_of_its_own" not in str(error):
            raise
        raise PointNameTaken(name=point.name, field="name") from error
    return point

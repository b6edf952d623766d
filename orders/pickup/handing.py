"""A code shown at a service point: an order handed over, a return taken in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import fulfilment, progress, returns
from orders.lifecycle import RETURN, ReturnState, prove
from orders.models import CodeKind, Order, PointCode, PointOffer, Return, ServicePoint
from orders.pickup import codes
from orders.states import OrderState


class NoPointTakesReturns(DomainError):
    code = "no_point_takes_returns"
    message = N_("This shop takes no returns at a service point. Send the goods back by a carrier.")


class NotForPoint(DomainError):
    code = "return_not_for_point"
    message = N_("This return doesn't wait to be handed in. Reload the page: it says where it is.")


class PointNotNamed(Invalid):
    code = "service_point_not_named"
    message = N_("Say at which service point the goods were handed in.")


@transaction.atomic
def take(
    *, merchant_id: UUID, text: str, actor: Actor, at: datetime, point_id: UUID | None = None
) -> PointCode:
    """The code was shown to somebody of the shop: hand over its order, or take in its return.

    It is the proof of receipt, so the buyer's clocks start at this instant. `point_id` says where a return
    is handed in; needed only where the shop has several points for it.

    :raises CodeUnknown: also for another shop's, or one that was shown before
    :raises PointNotNamed: when several points take returns and none of them is named
    """
    found = codes.find(merchant_id=merchant_id, text=text)
    order = Order.objects.select_related("merchant").locked(found.order_id)
    found = codes.find(merchant_id=merchant_id, text=text)
    if found.kind == CodeKind.VOUCHER:
        raise codes.CodeUnknown(field="code")
    if found.kind == CodeKind.PICKUP and order.state != OrderState.SHIPPED:
        raise codes.CodeUnknown(field="code")
    codes.end(order, returning=found.returning, at=at)
    if found.kind == CodeKind.RETURN and found.returning is not None:
        _take_in(order, found.returning, _where(order, point_id), actor=actor, at=at)
        return found
    prove(order, "orders.pickup.hand_over", {"point": str(order.point_id), "by": "code"}, at=at)
    for parcel in progress.outward(order):
        if parcel.is_under_way:
            fulfilment.take_delivery(parcel, order, signed_at=at, actor=actor, at=at)
    return found


def _where(order: Order, point_id: UUID | None) -> ServicePoint | None:
    """The only point that takes returns, or the one that was named; None when all closed meanwhile."""
    there = points_for_return(order)
    if point_id is None and len(there) < 2:
        return there[0] if there else None
    for each in there:
        if each.pk == point_id:
            return each
    raise PointNotNamed(field="point")


def _take_in(
    order: Order, returning: Return, point: ServicePoint | None, *, actor: Actor, at: datetime
) -> None:
    told = {"return": str(returning.pk), "point": str(point.pk) if point else "", "by": "code"}
    prove(order, "orders.pickup.take_back", told, at=at)
    received = returns.receive(return_id=returning.pk, actor=actor, at=at)
    received.point = point
    received.save(update_fields=["point"])


@transaction.atomic
def return_code(*, return_id: UUID, actor: Actor, at: datetime) -> PointCode:
    """A code with which the buyer hands accepted goods in at a service point of the shop.

    :raises NotForPoint: unless it waits to be posted; NoPointTakesReturns, TooManyCodes
    """
    returning = Return.objects.get_or_not_found(pk=return_id)
    order = Order.objects.locked(returning.order_id)
    returning.refresh_from_db()
    if returning.state != ReturnState.ACCEPTED or not RETURN.allows(returning.state, "receive"):
        raise NotForPoint()
    if not points_for_return(order):
        raise NoPointTakesReturns()
    return codes.make(order, kind=CodeKind.RETURN, returning=returning, at=at)


def points_for_return(order: Order) -> list[ServicePoint]:
    """Where this shop takes returns in now, by name."""
    return list(ServicePoint.objects.of_merchant(order.merchant_id).offering(PointOffer.RETURN))

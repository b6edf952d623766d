"""The only door to covers for pages: foreign and absent look the same."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from orders.models import CoverClaim, CoverPhoto, Order, OrderCover
from orders.models.cover import OrderCoverQuerySet


def covers_of_person(actor: Actor) -> OrderCoverQuerySet:
    """:raises NotFound: for nobody"""
    if actor.subject_id is None:
        raise NotFound()
    mine = OrderCover.objects.of_person(actor.subject_id).with_order()
    return mine.prefetch_related("claims").order_by("-bought_at", "-id")


def cover_for_buyer(actor: Actor, number: str) -> OrderCover:
    """:raises NotFound: also when it is somebody else's"""
    return covers_of_person(actor).get_or_not_found(number=number)


def claim_for_buyer(actor: Actor, number: str) -> CoverClaim:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    mine = CoverClaim.objects.of_person(actor.subject_id).with_cover()
    return mine.get_or_not_found(number=number)


def photos_of(claim: CoverClaim) -> list[CoverPhoto]:
    return list(CoverPhoto.objects.filter(claim=claim).select_related("file").order_by("id"))


def photo_of(claim: CoverClaim, photo_id: UUID) -> CoverPhoto:
    """:raises NotFound: unless it belongs to this very claim"""
    found = CoverPhoto.objects.select_related("file").filter(claim=claim, pk=photo_id).first()
    if found is None:
        raise NotFound()
    return found


def covers_of(order: Order) -> list[OrderCover]:
    """With their claims; an order that is known to have none asks nothing."""
    if not getattr(order, "has_covers", True):
        return []
    rows = OrderCover.objects.filter(order=order).prefetch_related("claims")
    return list(rows.order_by("line__position", "id"))

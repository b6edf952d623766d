"""Covers at the checkout: their rows with frozen terms, each a part of its own of the one payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orders.arranged import CartGroup
from orders.cover import offering
from orders.cover.offering import Chosen
from orders.models import Order, OrderCover, OrderLine
from payments import accounts
from payments.capture import Part
from payments.lifecycle import PartKind

# A cover and the place of its line in the order.
Draft = tuple[OrderCover, int]


def draft(
    orders: Sequence[Order], groups: Sequence[CartGroup], chosen: Chosen, *, at: datetime
) -> list[Draft]:
    """The rows of what was chosen, without their lines yet; nothing chosen asks nothing.

    :raises CoverNotOffered: for one that isn't on offer for its item
    """
    if not chosen:
        return []
    return [
        (
            OrderCover(
                order=order,
                subject_id=order.subject_id,
                product=offer.product.key,
                version=offer.product.version,
                kind=offer.product.kind,
                insurer=offer.product.insurer,
                premium_minor=offer.premium.minor,
                limit_minor=offer.limit.minor,
                currency=offer.premium.currency,
                terms=offer.product.frozen(),
                bought_at=at,
            ),
            position,
        )
        for order, group in zip(orders, groups, strict=True)
        for position, item in enumerate(group.items, start=1)
        for offer in offering.chosen_of(item, chosen, picked_up=group.way.is_pickup, at=at)
    ]


def parts(drafts: Sequence[Draft]) -> list[Part]:
    """What the payment is asked for them: no shop's money and no shop's invoice."""
    return [Part(cover.pk, accounts.PLATFORM, cover.premium, PartKind.COVER) for cover, _place in drafts]


def write(drafts: Sequence[Draft]) -> None:
    """Write them once their orders' lines stand."""
    if not drafts:
        return
    orders = {cover.order_id for cover, _place in drafts}
    lines = {
        (order_id, position): pk
        for order_id, position, pk in OrderLine.objects.filter(order__in=orders).values_list(
            "order_id", "position", "pk"
        )
    }
    for cover, place in drafts:
        cover.line_id = lines[(cover.order_id, place)]
    OrderCover.objects.bulk_create(cover for cover, _place in drafts)

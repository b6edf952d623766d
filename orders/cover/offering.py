"""Which covers may be bought for a line of the cart: never one for what the shop bears anyway."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog import promises
from kernel.errors import N_, Invalid
from kernel.money import Money
from orders.arranged import CartItem
from orders.cover import products
from orders.cover.products import Product
from orders.cover_states import CoverKind

# What was chosen: the answer key of a cart item → keys of products. Nothing is chosen before the buyer does.
Chosen = Mapping[UUID, Collection[str]]
NONE: Chosen = {}


class CoverNotOffered(Invalid):
    code = "cover_not_offered"
    message = N_("This cover isn't offered for this item any more. Check your choice again.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A product for one cart item, with its price and the most it pays."""

    product: Product
    premium: Money
    limit: Money


def of_item(item: CartItem, *, picked_up: bool, at: datetime) -> tuple[Offer, ...]:
    """What may be bought for this item now; () for what costs nothing."""
    if not item.total or item.problem or item.is_service:
        return ()
    fitting = (
        one for one in products.on_offer(at) if _fits(one, item, picked_up) and one.is_worth_it(item.total)
    )
    return tuple(Offer(one, one.premium_on(item.total), one.limit_on(item.total)) for one in fitting)


def _fits(product: Product, item: CartItem, picked_up: bool) -> bool:
    """What no carrier carries isn't lost on the way; a return's freight is covered where one would pay it."""
    if product.kind is CoverKind.TRANSIT:
        return not picked_up
    if product.kind is not CoverKind.RETURN_FREIGHT:
        return True
    terms = item.listing.content.get("terms") or {}
    return not item.exclusion and not promises.return_freight_paid(terms)


def chosen_of(item: CartItem, chosen: Chosen, *, picked_up: bool, at: datetime) -> tuple[Offer, ...]:
    """The offers that were chosen for this item.

    :raises CoverNotOffered: for one that isn't on offer for it
    """
    wanted = set(chosen.get(item.answer_key, ()))
    found = tuple(each for each in of_item(item, picked_up=picked_up, at=at) if each.product.key in wanted)
    if len(found) != len(wanted):
        raise CoverNotOffered(field="cover")
    return found

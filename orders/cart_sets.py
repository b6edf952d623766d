"""Sets in a cart: put in whole, counted in sets, taken out whole."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from catalog import set_access, set_offers
from catalog.models import ShopSet
from catalog.set_offers import SetOffer
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from orders.cart import CartFull, CartQuantityOutOfRange
from orders.limits import MOST_LINES, MOST_OF_ONE
from orders.models import CartLine


class SetNotOnSale(Invalid):
    """Why, as the set's own page says it."""

    code = "set_not_on_sale"
    message = N_("This set can't be bought now. %(why)s")

    def __init__(self, problem: str) -> None:
        super().__init__(problem=problem, why=gettext_lazy(set_offers.WHY[problem]), field="set")


@transaction.atomic
def put(
    *,
    subject_id: UUID,
    set_id: UUID,
    revision_id: UUID,
    actor: Actor,
    at: datetime,
    quantity: int = 1,
) -> ShopSet:
    """So many sets more than are in the cart; of an older revision nothing stays in.

    :raises NotFound, SetNotOnSale: also when `revision_id` isn't the one on sale
    :raises CartQuantityOutOfRange, CartFull: with the field to change
    """
    shop_set = set_access.public_set(set_id)
    offer = _standing(shop_set)
    if shop_set.live_revision_id != revision_id:
        raise SetNotOnSale(set_offers.CHANGED)
    mine = CartLine.objects.of_subject(subject_id)
    mine.of_set(set_id).exclude(set_revision_id=revision_id).delete()
    there = list(mine.of_set(set_id).select_for_update(of=("self",)))
    if not there and mine.count() + len(offer.members) > MOST_LINES:
        raise CartFull(most=MOST_LINES, field="set")
    wanted = quantity + _count(there, offer)
    _check(wanted if quantity > 0 else quantity, offer)
    _write(subject_id, offer, wanted, at=at)
    return shop_set


@transaction.atomic
def change(*, subject_id: UUID, set_id: UUID, quantity: int, actor: Actor, at: datetime) -> None:
    """Set the number of sets; their prices have then been seen.

    :raises NotFound, SetNotOnSale, CartQuantityOutOfRange: with the field to change
    """
    shop_set = set_access.public_set(set_id)
    offer = _standing(shop_set)
    mine = CartLine.objects.of_subject(subject_id).of_set(set_id)
    there = list(mine.select_for_update(of=("self",)))
    if any(line.set_revision_id != shop_set.live_revision_id for line in there) or not there:
        raise SetNotOnSale(set_offers.CHANGED)
    _check(quantity, offer)
    _write(subject_id, offer, quantity, at=at)


@transaction.atomic
def remove(*, subject_id: UUID, set_id: UUID) -> None:
    CartLine.objects.of_subject(subject_id).of_set(set_id).delete()


@transaction.atomic
def merge(*, from_subject_id: UUID, into_subject_id: UUID) -> None:
    """A guest's sets move into the account's cart; of a set that is in both, the account's stay."""
    theirs = CartLine.objects.filter(subject_id=from_subject_id, set_revision__isnull=False)
    mine = CartLine.objects.filter(subject_id=into_subject_id, set_revision__isnull=False)
    theirs.filter(set_revision__shop_set__in=mine.values("set_revision__shop_set")).delete()
    theirs.update(subject_id=into_subject_id)


def _standing(shop_set: ShopSet) -> SetOffer:
    """:raises SetNotOnSale:"""
    offer = set_offers.standing(shop_set, set_access.members_of([shop_set]))
    if offer.problem:
        raise SetNotOnSale(offer.problem)
    return offer


def _count(there: list[CartLine], offer: SetOffer) -> int:
    first = offer.members[0]
    line = next((each for each in there if each.variant_id == first.variant_id), None)
    return line.quantity // first.quantity if line else 0


def _check(quantity: int, offer: SetOffer) -> None:
    most = min(offer.available, *(MOST_OF_ONE // each.quantity for each in offer.members))
    if not 1 <= quantity <= most:
        raise CartQuantityOutOfRange(most=most, field="quantity")


def _write(subject_id: UUID, offer: SetOffer, count: int, *, at: datetime) -> None:
    """One line for each member, its pieces in all the sets; a double click waits at the unique key."""
    mine = CartLine.objects.of_subject(subject_id).of_set(offer.shop_set.pk)
    mine.delete()
    CartLine.objects.bulk_create(
        CartLine(
            subject_id=subject_id,
            listing_id=each.listing.pk,
            variant_id=each.variant_id,
            set_revision_id=offer.revision.pk,
            quantity=each.quantity * count,
            seen_minor=each.offer.price_minor if each.offer else 0,
            added_at=at,
        )
        for each in offer.members
    )

"""What a person means to buy: put in, changed, taken out, looked at, merged at sign-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from catalog import offers, stock
from catalog.models import Listing
from catalog.offers import VariantOffer
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from orders.arranged import NOT_SENT as NOT_SENT
from orders.arranged import Cart as Cart
from orders.arranged import CartGroup as CartGroup
from orders.arranged import CartItem as CartItem
from orders.arranging import arrange as arrange
from orders.arranging import offered_of
from orders.arranging import only as only
from orders.delivery_ways import Ways
from orders.limits import MOST_LINES, MOST_OF_ONE
from orders.models import CartLine
from orders.promotions import available
from orders.queries import CartLineQuerySet
from web.kept_statements import Kept


class NotOnSale(Invalid):
    code = "not_on_sale"
    message = N_("This item isn't on sale any more.")


class CartQuantityOutOfRange(Invalid):
    code = "cart_quantity_out_of_range"
    message = N_("Enter a quantity from 1 to %(most)s.")


class ChoiceNeeded(Invalid):
    code = "choice_needed"
    message = N_("There are several of this. Choose which one first.")


class CartFull(Invalid):
    code = "cart_full"
    message = N_("A cart holds at most %(most)s different items. Buy or remove some first.")


@transaction.atomic
def put(
    *,
    subject_id: UUID,
    listing_id: UUID,
    actor: Actor,
    at: datetime,
    variant_id: UUID | None = None,
    quantity: int = 1,
) -> CartLine:
    """Add to what is there already; `variant_id` may stay out where there is nothing to choose.

    :raises NotOnSale, ChoiceNeeded, CartQuantityOutOfRange, CartFull: with the field to change
    """
    listing, offered = _chosen(listing_id, variant_id)
    lines = CartLine.objects.of_subject(subject_id)
    line = lines.alone().filter(variant_id=offered.id).select_for_update().first()
    if line is None and lines.count() >= MOST_LINES:
        raise CartFull(most=MOST_LINES, field="listing")
    wanted = quantity + (line.quantity if line else 0)
    left = stock.pieces(listing).get(offered.id, stock.NO_PIECES).available
    _check(wanted if quantity > 0 else quantity, most=min(left, MOST_OF_ONE))
    if line is None:
        first = {"listing": listing, "quantity": wanted, "seen_minor": offered.price_minor, "added_at": at}
        line, made = CartLine.objects.get_or_create(
            subject_id=subject_id, variant_id=offered.id, set_revision=None, defaults=first
        )
        if not made:
            # The other half of a double click was first; once more on top of it.
            return put(
                subject_id=subject_id,
                listing_id=listing_id,
                variant_id=offered.id,
                quantity=quantity,
                actor=actor,
                at=at,
            )
        return line
    line.quantity, line.seen_minor = wanted, offered.price_minor
    line.save()
    return line


def _chosen(listing_id: UUID, variant_id: UUID | None) -> tuple[Listing, VariantOffer]:
    """What is meant, with the listing's stock; a retired variant is no longer on sale."""
    rows = Listing.objects.live().filter(pk=listing_id).select_related("live_revision").with_pieces()
    listing = rows.first()
    if listing is None or listing.live_revision is None:
        raise NotOnSale(field="listing")
    held = stock.pieces(listing)
    every = offers.variants(listing.live_revision.content, listing.pk)
    active = [each for each in every if held.get(each.id, stock.NO_PIECES).active]
    if variant_id is None and len(active) > 1:
        raise ChoiceNeeded(field="variant")
    for each in active:
        if variant_id in (None, each.id):
            return listing, each
    raise NotOnSale(field="listing")


@transaction.atomic
def change(*, subject_id: UUID, variant_id: UUID, quantity: int, actor: Actor, at: datetime) -> None:
    """Set the quantity; the price that stands beside it has then been seen.

    :raises NotOnSale, CartQuantityOutOfRange: with the field to change
    """
    line = (
        CartLine.objects.of_subject(subject_id)
        .alone()
        .filter(variant_id=variant_id)
        .with_listings()
        .select_for_update(of=("self",))
        .first()
    )
    offered = offered_of(line) if line else None
    if line is None or offered is None:
        raise NotOnSale(field="quantity")
    _check(quantity, most=min(stock.of_variant(line.variant).available, MOST_OF_ONE))
    line.quantity, line.seen_minor = quantity, offered.price_minor
    line.save(update_fields=["quantity", "seen_minor"])


def _check(quantity: int, *, most: int) -> None:
    if not 1 <= quantity <= max(most, 1):
        raise CartQuantityOutOfRange(most=max(most, 1), field="quantity")


@transaction.atomic
def remove(*, subject_id: UUID, variant_id: UUID) -> None:
    CartLine.objects.of_subject(subject_id).alone().filter(variant_id=variant_id).delete()


def count(*, subject_id: UUID) -> int:
    """How many pieces are in the cart; one statement."""
    lines = CartLine.objects.filter(subject_id=subject_id)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def contents(
    *,
    subject_id: UUID,
    at: datetime,
    place: str = "",
    picks: available.Picks | None = None,
    ways: Ways | None = None,
) -> Cart:
    """The cart by merchant, with what changed since it was seen and what comes off it at `at`.

    `ways` brings along where its goods can be picked up, and how each shop's come.

    :raises CouponUsed: for a picked coupon that can't be used
    """
    promotions = available.load(subject_id=subject_id, at=at, picks=picks)
    lines = (_PLAIN if ways is None else _WITH_POINTS).rows(subject_id=subject_id)
    return arrange(lines, place, promotions, ways)


def hold(
    *,
    subject_id: UUID,
    at: datetime,
    place: str = "",
    picks: available.Picks | None = None,
    ways: Ways | None = None,
    variant_ids: Sequence[UUID] | None = None,
) -> Cart:
    """Like `contents` with its lines locked in one order until the transaction ends, to be ordered from.

    `variant_ids` names variants bought alone, and sets: the rest of the cart isn't looked at.

    :raises CouponUsed: for a picked coupon that can't be used
    """
    promotions = available.load(subject_id=subject_id, at=at, picks=picks)
    lines = sorted(_HELD.rows(subject_id=subject_id), key=lambda line: (line.added_at, line.pk))
    pieces = sum(line.quantity for line in lines)
    if variant_ids is not None:
        lines = [line for line in lines if _named_by(line) in variant_ids]
    return replace(arrange(lines, place, promotions, ways or {}), held=True, pieces=pieces)


def _lines(subject_id: UUID) -> CartLineQuerySet:
    return CartLine.objects.of_subject(subject_id).with_listings()


def _held(subject_id: UUID) -> CartLineQuerySet:
    return _lines(subject_id).with_points().select_for_update(of=("self",)).order_by("pk")


_PLAIN = Kept[CartLine](_lines)
_WITH_POINTS = Kept[CartLine](lambda subject_id: _lines(subject_id).with_points())
_HELD = Kept[CartLine](_held)


def take_out(lines: Iterable[CartLine]) -> None:
    """These lines, which the caller holds, are ordered and leave the cart."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_cartline WHERE id = ANY(%s)", [[line.pk for line in lines]])


def _named_by(line: CartLine) -> UUID:
    return line.set_revision.shop_set_id if line.set_revision else line.variant_id


@transaction.atomic
def merge(*, from_subject_id: UUID, into_subject_id: UUID, at: datetime) -> None:
    """Move a guest's cart into the account's; the same variant in both adds up, to the most there may be."""
    mine = {
        line.variant_id: line
        for line in CartLine.objects.of_subject(into_subject_id).alone().select_for_update()
    }
    for line in CartLine.objects.of_subject(from_subject_id).alone().select_for_update():
        kept = mine.get(line.variant_id)
        if kept is None:
            line.subject_id = into_subject_id
            line.save(update_fields=["subject"])
            continue
        kept.quantity = min(kept.quantity + line.quantity, MOST_OF_ONE)
        kept.save(update_fields=["quantity"])
        line.delete()

"""Gifts with a purchase: which ones goods earn, how many are left, and what one is worth if it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Sum

from catalog import offers, stock
from catalog.models import Listing
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders.models import Order, OrderLine, Promotion
from orders.states import OrderState
from rulebook import current

if TYPE_CHECKING:
    from orders.arranged import CartItem

# The rule that lets a seller take a kept gift's value off a refund; without it nothing comes off.
ROLE = "gift_return"


class GiftsGone(DomainError):
    code = "gifts_gone"
    status = 409
    message = N_("The last gift has just gone. Check your cart again before you pay: nothing was charged.")


@dataclass(frozen=True, slots=True)
class Gift:
    """A gift of a shop with its thing; `left` pieces of it can still be given."""

    promotion: Promotion
    left: int

    @property
    def listing(self) -> Listing:
        assert self.promotion.gift_variant is not None
        return self.promotion.gift_variant.listing

    @property
    def variant_id(self) -> UUID:
        assert self.promotion.gift_variant_id is not None
        return self.promotion.gift_variant_id

    @property
    def pieces(self) -> int:
        return self.promotion.gift_pieces or 0

    @property
    def value(self) -> Money:
        """Stated for one piece, before the order."""
        return Money(self.promotion.gift_minor or 0)


def load(promotion_ids: Collection[UUID]) -> dict[UUID, tuple[Gift, ...]]:
    """By shop the gifts whose thing is on sale; one statement, none without ids."""
    if not promotion_ids:
        return {}
    found: dict[UUID, tuple[Gift, ...]] = {}
    for promotion in Promotion.objects.filter(pk__in=list(promotion_ids)).with_gift().order_by("pk"):
        gift = Gift(promotion, _left(promotion))
        if _is_on_sale(gift):
            found[promotion.merchant_id] = (*found.get(promotion.merchant_id, ()), gift)
    return found


def _left(promotion: Promotion) -> int:
    assert promotion.gift_variant is not None
    on_shelf = stock.of_variant(promotion.gift_variant).available
    return on_shelf if promotion.pieces is None else min(on_shelf, promotion.pieces - promotion.given)


def _is_on_sale(gift: Gift) -> bool:
    """A listing that was taken down isn't given away either."""
    listing, variant = gift.listing, gift.promotion.gift_variant
    live = listing.is_live and listing.live_revision is not None and listing.merchant.sells
    return bool(live and variant and variant.is_active and offers.variant(listing.content, variant.pk))


def earned(items: Sequence[CartItem], gifts: Iterable[Gift]) -> tuple[Gift, ...]:
    """Those that goods before offers and coupons earn, of which enough are left beside what is bought."""
    goods = sum(item.paid_goods.minor for item in items)
    listings = {item.listing.pk for item in items}
    taken: dict[UUID, int] = {}
    for item in items:
        taken[item.variant_id] = taken.get(item.variant_id, 0) + item.quantity
    found = []
    for gift in gifts:
        if not holds(gift.promotion, goods, listings):
            continue
        if gift.left - taken.get(gift.variant_id, 0) >= gift.pieces:
            taken[gift.variant_id] = taken.get(gift.variant_id, 0) + gift.pieces
            found.append(gift)
    return tuple(found)


def holds(promotion: Promotion, goods_minor: int, listings: Collection[UUID]) -> bool:
    """Whether goods worth so much before offers and coupons, with these listings, earn the gift."""
    named = promotion.with_listing_id is None or promotion.with_listing_id in listings
    return named and goods_minor >= promotion.from_minor


def value_kept(gift: Gift, place: str, *, at: datetime) -> int:
    """What a kept gift is said to cost by this place's law, for one piece; 0 where nothing may come off."""
    return gift.value.minor if ROLE in current.pack(place, at).roles else 0


def lines_of(order: Order, gifts: Iterable[Gift], *, first: int, at: datetime) -> list[OrderLine]:
    """The gifts as lines of an order that cost nothing; `first` is the first one's place."""
    return [
        OrderLine(
            order=order,
            position=position,
            listing=gift.listing,
            variant_id=gift.variant_id,
            revision=gift.listing.live_revision,
            quantity=gift.pieces,
            unit_minor=0,
            total_minor=0,
            gift=gift.promotion,
            gift_minor=value_kept(gift, order.place, at=at),
        )
        for position, gift in enumerate(gifts, start=first)
    ]


@transaction.atomic
def give(gifts: Iterable[Gift]) -> None:
    """Count them as given, the last one to one buyer only.

    :raises GiftsGone: when one of them isn't left any more; nothing is counted
    """
    for gift in sorted(gifts, key=lambda each: each.promotion.pk):
        enough = Q(pieces__isnull=True) | Q(pieces__gte=F("given") + gift.pieces)
        rows = Promotion.objects.filter(enough, pk=gift.promotion.pk)
        if not rows.update(given=F("given") + gift.pieces):
            raise GiftsGone()


@transaction.atomic
def take_back(*, order_id: UUID) -> None:
    """The order came to nothing before it was sent: its gifts can be given to others."""
    for gift_id, _pieces in _given_with(order_id):
        _counted_anew(gift_id)


@transaction.atomic
def give_again(*, order_id: UUID) -> None:
    """The order that had expired is paid after all, inside the same transaction: its gifts are given.

    :raises GiftsGone: when others have them by now
    """
    for gift_id, pieces in _given_with(order_id):
        held = _counted_anew(gift_id)
        if held.pieces is not None and held.given + pieces > held.pieces:
            raise GiftsGone()
        held.given += pieces
        held.save(update_fields=["given"])


def _given_with(order_id: UUID) -> list[tuple[UUID, int]]:
    rows = OrderLine.objects.filter(order_id=order_id, gift__isnull=False).order_by("gift_id")
    return [(gift_id, pieces) for gift_id, pieces in rows.values_list("gift_id", "quantity") if gift_id]


def _counted_anew(gift_id: UUID) -> Promotion:
    """With what orders hold of it that didn't come to nothing; whoever gives one waits for its row."""
    held = Promotion.objects.locked(gift_id)
    over = [str(OrderState.EXPIRED), str(OrderState.CANCELLED)]
    lines = OrderLine.objects.filter(gift_id=gift_id).exclude(order__state__in=over)
    held.given = lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0
    held.save(update_fields=["given"])
    return held


def owed(
    lines: Sequence[OrderLine], *, kept: Mapping[UUID, int], counted: Mapping[UUID, int], goods_minor: int
) -> int:
    """The stated value of kept gifts that what counts as kept, worth `goods_minor`, no longer earns."""
    given = [line for line in lines if line.gift_id and line.gift_minor and kept[line.pk]]
    if not given:
        return 0
    offered = Promotion.objects.in_bulk([line.gift_id for line in given])
    listings = {line.listing_id for line in lines if not line.gift_id and counted[line.pk]}
    return sum(
        line.gift_minor * kept[line.pk]
        for line in given
        if line.gift_id and not holds(offered[line.gift_id], goods_minor, listings)
    )

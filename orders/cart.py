"""What a person means to buy: put in, changed, taken out, looked at, merged at sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from catalog import offers, promises, stock
from catalog.models import Listing
from catalog.offers import VariantOffer
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from kernel.money import Money, total
from merchants.models import Merchant
from orders.limits import MOST_LINES, MOST_OF_ONE
from orders.models import CartLine


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


@dataclass(frozen=True, slots=True)
class CartItem:
    """A cart line as it stands now; `problem` is "", withdrawn, sold_out or short."""

    line: CartLine
    quantity: int
    unit: Money
    freight: Money
    was: Money | None
    in_stock: int
    problem: str

    @property
    def listing(self) -> Listing:
        return self.line.listing

    @property
    def variant_id(self) -> UUID:
        return self.line.variant_id

    @property
    def goods(self) -> Money:
        return self.unit * self.quantity

    @property
    def total(self) -> Money:
        return self.goods + self.freight

    @property
    def most(self) -> int:
        return max(1, min(self.in_stock, MOST_OF_ONE))

    @property
    def exclusion(self) -> str:
        """ "", "never" or "confirm": whether it goes back without reason, by its seller and its listing."""
        revision = self.listing.live_revision
        terms = (revision.content.get("terms") or {}) if revision else {}
        if self.listing.merchant.is_private_person:
            return "" if promises.return_days(terms) else "never"
        return terms.get("excludes_return") or ""


@dataclass(frozen=True, slots=True)
class CartGroup:
    """What one merchant would send in one order."""

    merchant: Merchant
    items: tuple[CartItem, ...]

    @property
    def goods(self) -> Money:
        return total(item.goods for item in self.items)

    @property
    def freight(self) -> Money:
        return total(item.freight for item in self.items)

    @property
    def total(self) -> Money:
        return self.goods + self.freight

    @property
    def pieces(self) -> int:
        return sum(item.quantity for item in self.items)


@dataclass(frozen=True, slots=True)
class Cart:
    groups: tuple[CartGroup, ...]
    blocked: tuple[CartItem, ...]

    @property
    def total(self) -> Money:
        return total(group.total for group in self.groups)

    @property
    def items(self) -> tuple[CartItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def is_empty(self) -> bool:
        return not self.groups and not self.blocked


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
    line = lines.filter(variant_id=offered.id).select_for_update().first()
    if line is None and lines.count() >= MOST_LINES:
        raise CartFull(most=MOST_LINES, field="listing")
    wanted = quantity + (line.quantity if line else 0)
    left = stock.pieces(listing).get(offered.id, stock.NO_PIECES).available
    _check(wanted if quantity > 0 else quantity, most=min(left, MOST_OF_ONE))
    if line is None:
        first = {"listing": listing, "quantity": wanted, "seen_minor": offered.price_minor, "added_at": at}
        line, made = CartLine.objects.get_or_create(
            subject_id=subject_id, variant_id=offered.id, defaults=first
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
        .filter(variant_id=variant_id)
        .with_listings()
        .select_for_update(of=("self",))
        .first()
    )
    offered = _offered(line) if line else None
    if line is None or offered is None:
        raise NotOnSale(field="quantity")
    _check(quantity, most=min(stock.of_variant(line.variant).available, MOST_OF_ONE))
    line.quantity, line.seen_minor = quantity, offered.price_minor
    line.save(update_fields=["quantity", "seen_minor"])


def _offered(line: CartLine) -> VariantOffer | None:
    """The variant as it is on sale now; None where its listing or the variant itself isn't."""
    listing = line.listing
    if listing.live_revision is None or not line.variant.is_active:
        return None
    return offers.variant(listing.live_revision.content, line.variant_id)


def _check(quantity: int, *, most: int) -> None:
    if not 1 <= quantity <= max(most, 1):
        raise CartQuantityOutOfRange(most=max(most, 1), field="quantity")


@transaction.atomic
def remove(*, subject_id: UUID, variant_id: UUID) -> None:
    CartLine.objects.of_subject(subject_id).filter(variant_id=variant_id).delete()


def count(*, subject_id: UUID) -> int:
    """How many pieces are in the cart; one statement."""
    lines = CartLine.objects.filter(subject_id=subject_id)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def contents(*, subject_id: UUID) -> Cart:
    """The cart by merchant, with what changed since it was seen; one statement."""
    return arrange(CartLine.objects.of_subject(subject_id).with_listings())


def arrange(lines: object) -> Cart:
    """Group cart lines (with their listings fetched) by merchant, in the order in which they were put in."""
    items = [_item(line) for line in lines]  # type: ignore[attr-defined]
    blocked = tuple(item for item in items if item.problem in ("withdrawn", "sold_out"))
    by_merchant: dict[UUID, list[CartItem]] = {}
    for item in items:
        if item not in blocked:
            by_merchant.setdefault(item.listing.merchant_id, []).append(item)
    groups = tuple(CartGroup(each[0].listing.merchant, tuple(each)) for each in by_merchant.values())
    return Cart(groups, blocked)


def only(found: Cart, wanted: Callable[[CartItem], bool]) -> Cart:
    """The part of a cart that `wanted` picks."""
    picked = (
        CartGroup(group.merchant, tuple(item for item in group.items if wanted(item)))
        for group in found.groups
    )
    blocked = tuple(item for item in found.blocked if wanted(item))
    return Cart(tuple(group for group in picked if group.items), blocked)


def _item(line: CartLine) -> CartItem:
    listing, offered = line.listing, _offered(line)
    in_stock = stock.of_variant(line.variant).available
    if offered is None or not listing.is_live or not listing.merchant.sells:
        return CartItem(
            line, line.quantity, Money(line.seen_minor), Money.zero(), None, in_stock, "withdrawn"
        )
    problem = "sold_out" if in_stock < 1 else "short" if in_stock < line.quantity else ""
    was = Money(line.seen_minor) if line.seen_minor != offered.price_minor else None
    return CartItem(line, line.quantity, offered.price, offered.freight, was, in_stock, problem)


@transaction.atomic
def merge(*, from_subject_id: UUID, into_subject_id: UUID, at: datetime) -> None:
    """Move a guest's cart into the account's; the same variant in both adds up, to the most there may be."""
    mine = {
        line.variant_id: line for line in CartLine.objects.of_subject(into_subject_id).select_for_update()
    }
    for line in CartLine.objects.of_subject(from_subject_id).select_for_update():
        kept = mine.get(line.variant_id)
        if kept is None:
            line.subject_id = into_subject_id
            line.save(update_fields=["subject"])
            continue
        kept.quantity = min(kept.quantity + line.quantity, MOST_OF_ONE)
        kept.save(update_fields=["quantity"])
        line.delete()

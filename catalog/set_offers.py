"""A set as it stands now: its members' present prices and pieces, why it can't be bought, how it is split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog import freight, offers, stock
from catalog.freight import Sent
from catalog.models import Listing, SetRevision, ShopSet
from catalog.offers import VariantOffer
from kernel.errors import N_
from kernel.money import Money

WITHDRAWN, CHANGED, AWAY, SOLD_OUT, DEARER = (
    "withdrawn",
    "set_changed",
    "member_away",
    "sold_out",
    "set_dearer",
)
WHY = {
    WITHDRAWN: N_("The shop doesn't sell this set any more. What is in it may still be sold one by one."),
    CHANGED: N_("The shop has changed this set. Look at it again before you take it."),
    AWAY: N_("One of the things in this set isn't on sale now, so the set can't be bought."),
    SOLD_OUT: N_("One of the things in this set is sold out, so the set can't be bought."),
    DEARER: N_(
        "One by one these things cost less now, so the set isn't sold until its shop changes the price."
    ),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One variant of the set with what it asks for now; `offer` is None where it isn't on sale."""

    listing: Listing
    variant_id: UUID
    quantity: int
    offer: VariantOffer | None
    available: int

    @property
    def alone_minor(self) -> int:
        """What its pieces cost without the set, freight apart."""
        return self.offer.price_minor * self.quantity if self.offer else 0


@dataclass(frozen=True, slots=True)
class SetOffer:
    """A set's revision beside its members of this instant."""

    shop_set: ShopSet
    revision: SetRevision
    members: tuple[Member, ...]

    @property
    def alone(self) -> Money:
        """The sum of the members' present prices."""
        return Money(sum(each.alone_minor for each in self.members), self.revision.currency)

    @property
    def available(self) -> int:
        """As many sets as the scarcest member lasts for."""
        return 0 if self.problem else self._lasting

    @property
    def _lasting(self) -> int:
        return min(max(each.available, 0) // each.quantity for each in self.members)

    @property
    def problem(self) -> str:
        """ "" or why nobody can buy it now, a key of `WHY`."""
        if not self.shop_set.is_on_sale or self.shop_set.live_revision_id != self.revision.pk:
            return WITHDRAWN
        return problem_of(self.revision, self.members)

    def freight_to(self, place: str) -> Money | None:
        """What sending one set costs, by the rules of the cart; None where a member isn't sent there."""
        parts = freight.of_order([_sent(each) for each in self.members if each.offer], place)
        known = [part for part in parts if part is not None]
        return Money(sum(known), self.revision.currency) if len(known) == len(parts) else None


def problem_of(revision: SetRevision, members: Sequence[Member]) -> str:
    """Why these members can't be had together at the set's price."""
    if any(each.offer is None for each in members):
        return AWAY
    if sum(each.alone_minor for each in members) < revision.price_minor:
        return DEARER
    if any(each.available < each.quantity for each in members):
        return SOLD_OUT
    return ""


def _sent(member: Member) -> Sent:
    assert member.offer is not None
    return Sent(
        terms=freight.terms_of(member.listing.content),
        flat_minor=member.offer.freight_minor,
        pieces=member.quantity,
        grams=member.offer.grams or 0,
        goods_minor=member.alone_minor,
    )


def standing(shop_set: ShopSet, listings: Mapping[UUID, Listing]) -> SetOffer:
    """The set's newest revision with its members; `listings` come with offer, shop and pieces."""
    revision = shop_set.live_revision
    assert revision is not None, "a set is written with its first revision"
    return of_revision(shop_set, revision, listings)


def of_revision(shop_set: ShopSet, revision: SetRevision, listings: Mapping[UUID, Listing]) -> SetOffer:
    """Any revision of it, also one that isn't written yet."""
    return SetOffer(shop_set, revision, tuple(_member(row, listings) for row in revision.members))


def _member(row: Mapping[str, str | int], listings: Mapping[UUID, Listing]) -> Member:
    variant_id = UUID(str(row["variant"]))
    listing = listings[UUID(str(row["listing"]))]
    held = stock.pieces(listing).get(variant_id, stock.NO_PIECES)
    on_sale = listing.is_live and listing.merchant.sells and held.active and listing.live_revision
    found = offers.variant(listing.live_revision.content, variant_id) if on_sale else None  # type: ignore[union-attr]
    return Member(listing, variant_id, int(row["quantity"]), found, held.available)


def shares(price_minor: int, alone_minor: Sequence[int]) -> list[int]:
    """The price of so many sets over its lines, in proportion to what they cost alone, to the last fen.

    The largest remainders get the fen that are left over, the earlier of equal ones first. As long as the
    price isn't above the sum, no line gets more than it costs alone.
    """
    return [part.minor for part in Money(price_minor).share(list(alone_minor))]


def title(revision: SetRevision, locale: str) -> str:
    return offers.title(revision.content, locale)

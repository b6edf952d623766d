"""The wish list: what a person put aside to find again; nobody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import offers
from catalog.models import Listing, WishLine
from catalog.offers import VariantOffer
from catalog.stock import NO_PIECES, pieces
from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from kernel.money import Money
from privacy import subjects
from rulebook import policies

POLICY = "catalog.wish_list"


class WishListFull(DomainError):
    code = "wish_list_full"
    message = N_("Your wish list holds %(most)s things already. Take one off first.")


@dataclass(frozen=True, slots=True)
class Wished:
    """A line as it stands now: `amount` None and `state` "gone" when it is off sale."""

    line: WishLine
    amount: Money | None
    state: str

    @property
    def seen(self) -> Money:
        return Money(self.line.seen_minor)

    @property
    def fell_by(self) -> Money | None:
        """How much less it costs now than when it was put there; None where it doesn't."""
        fell = self.amount is not None and self.amount.minor < self.line.seen_minor
        return self.seen - self.amount if fell and self.amount else None

    @property
    def rose_by(self) -> Money | None:
        rose = self.amount is not None and self.amount.minor > self.line.seen_minor
        return self.amount - self.seen if rose and self.amount else None


@transaction.atomic
def put(*, listing_id: UUID, variant_id: UUID | None, actor: Actor, at: datetime) -> WishLine:
    """Put an offer, or one variant of it, on the actor's list; there already, it stays as it was.

    :raises NotFound: nobody is signed in, it isn't on sale, or no such variant :raises WishListFull:
    """
    subject_id = reader(actor)
    # So that many presses at once don't pass the limit together.
    subjects.locked(subject_id)
    listing = Listing.objects.live().with_offer().defer("search", "draft").get_or_not_found(pk=listing_id)
    amount = _amount(listing, variant_id)
    if amount is None:
        raise NotFound
    mine = WishLine.objects.filter(subject_id=subject_id)
    which: dict[str, Any] = {"listing_id": listing_id, "variant_id": variant_id}
    there = mine.filter(**which).first()
    if there is not None:
        return there
    most = policies.value(POLICY, at)["most"]
    if mine.count() >= most:
        raise WishListFull(most=most)
    line, _made = WishLine.objects.get_or_create(
        subject_id=subject_id,
        **which,
        defaults={"seen_minor": amount.minor, "added_at": at},
    )
    return line


@transaction.atomic
def take_off(*, line_id: UUID, actor: Actor, at: datetime) -> None:
    """:raises NotFound: another person's, or none"""
    gone, _each = WishLine.objects.filter(subject_id=reader(actor), pk=line_id).delete()
    if not gone:
        raise NotFound


def moved_on(*, line_id: UUID, subject_id: UUID) -> None:
    """It went into this person's cart; another's line, or one that is gone, is left alone."""
    WishLine.objects.filter(subject_id=subject_id, pk=line_id).delete()


def lines_of(actor: Actor) -> Sequence[Wished]:
    """The actor's own list with what changed since, the newest first; two statements.

    :raises NotFound: nobody is signed in
    """
    rows = list(WishLine.objects.filter(subject_id=reader(actor)).order_by("-added_at", "-id"))
    offered = Listing.objects.filter(pk__in=[row.listing_id for row in rows]).with_offer()
    found = {listing.pk: listing for listing in offered.defer("search", "draft")}
    for row in rows:
        row.listing = found[row.listing_id]
    return [_wished(row) for row in rows]


def forget_old(*, at: datetime, limit: int) -> int:
    """Take away what nobody looked for in the policy's days; gives how many."""
    before = at - timedelta(days=policies.value(POLICY, at)["days"])
    old = WishLine.objects.filter(added_at__lt=before).order_by("added_at").values_list("pk", flat=True)
    return WishLine.objects.filter(pk__in=list(old[:limit])).delete()[0]


def reader(actor: Actor) -> UUID:
    """:raises NotFound: nobody is signed in"""
    if actor.subject_id is None:
        raise NotFound
    return actor.subject_id


def _wished(line: WishLine) -> Wished:
    listing = line.listing
    amount = _amount(listing, line.variant_id) if listing.is_live and listing.merchant.sells else None
    if amount is None:
        return Wished(line, None, "gone")
    held = pieces(listing)
    wanted = [held.get(line.variant_id, NO_PIECES)] if line.variant_id else list(held.values())
    return Wished(line, amount, "here" if any(each.available > 0 for each in wanted) else "sold_out")


def _amount(listing: Listing, variant_id: UUID | None) -> Money | None:
    """What one piece costs all in; the lowest where no variant was chosen, None where it isn't offered."""
    if listing.live_revision is None:
        return None
    every = [each for each in _offered(listing) if variant_id in (None, each.id)]
    return min((each.all_in for each in every), key=lambda sum: sum.minor, default=None)


def _offered(listing: Listing) -> list[VariantOffer]:
    held, content = pieces(listing), listing.content
    return [each for each in offers.variants(content, listing.pk) if held.get(each.id, NO_PIECES).active]

"""The lower price that a campaign gives a listing: shown on its page, taken off at the checkout.

Who keeps campaigns opens and closes these rows; here is what a page may say of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import JSONObject

from catalog import offers, pricing
from catalog.models import CampaignPrice, Listing
from kernel.money import Money

SHOWN = ("campaign_id", "names", "off_permille", "shop_permille", "ceilings", "rule_id", "ends_at")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign gives goods: thousandths off, and how much of that the shop bears."""

    campaign_id: UUID
    names: Mapping[str, str]
    off_permille: int
    shop_permille: int
    starts_at: datetime
    ends_at: datetime

    def off(self, price_minor: int) -> int:
        """What comes off one piece at that price; a started fen stays with the buyer's price."""
        return price_minor * self.off_permille // 1000

    def parts(self, off_minor: int) -> tuple[int, int]:
        """(the platform's part, the shop's): the odd fen is the platform's."""
        own = off_minor * self.shop_permille // 1000
        return off_minor - own, own


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign's price of one variant as its page says it; `was` only where the law lets it stand."""

    campaign_id: UUID
    names: Mapping[str, str]
    off: Money
    price: Money
    was: Money | None
    rule_id: str
    platform_permille: int
    ends_at: datetime


def open_for(listings: Iterable[Listing], terms: Terms, *, left_minor: int) -> list[CampaignPrice]:
    """The campaign's price for each of them; `left_minor` is what the campaign can still pay."""
    rows = [
        CampaignPrice(
            listing=listing,
            campaign_id=terms.campaign_id,
            names=dict(terms.names),
            off_permille=terms.off_permille,
            shop_permille=terms.shop_permille,
            needs_minor=(needs := most_of_one(listing, terms)),
            can_pay=needs <= left_minor,
            starts_at=terms.starts_at,
            ends_at=terms.ends_at,
        )
        for listing in listings
    ]
    return CampaignPrice.objects.bulk_create(rows)


def most_of_one(listing: Listing, terms: Terms) -> int:
    """What one piece of the dearest variant costs the platform."""
    prices = [each.price_minor for each in offers.variants(listing.content, listing.pk)]
    return max((terms.parts(terms.off(price))[0] for price in prices), default=0)


def follow_money(campaign_id: UUID, *, left_minor: int) -> None:
    """Show each price only while the campaign can pay its part of one piece; writes what changes."""
    enough = ExpressionWrapper(Q(needs_minor__lte=left_minor), output_field=BooleanField())
    turned = Q(can_pay=True, needs_minor__gt=left_minor) | Q(can_pay=False, needs_minor__lte=left_minor)
    rows = CampaignPrice.objects.filter(turned, campaign_id=campaign_id, ended_at__isnull=True)
    rows.update(can_pay=enough)


def close(campaign_id: UUID, *, at: datetime, listing_ids: Sequence[UUID] | None = None) -> int:
    """It is over for these listings, or for all; gives how many."""
    rows = CampaignPrice.objects.filter(campaign_id=campaign_id, ended_at__isnull=True)
    if listing_ids is not None:
        rows = rows.filter(listing__in=listing_ids)
    return rows.update(ended_at=at)


def begin(*, at: datetime, limit: int = 200) -> int:
    """Work out for prices that have begun what may stand crossed out beside them; gives how many."""
    due = CampaignPrice.objects.filter(ended_at__isnull=True, starts_at__lte=at, ends_at__gt=at, rule_id="")
    rows = list(due.select_related("listing__live_revision").order_by("pk")[:limit])
    for row in rows:
        _look(row, at=row.starts_at, known_at=at)
    return len(rows)


def recheck(variant_ids: Iterable[UUID], *, at: datetime) -> int:
    """Deals of these came to nothing: what stood on them isn't crossed out any more; gives how many rows."""
    rows = CampaignPrice.objects.filter(
        ended_at__isnull=True, ends_at__gt=at, ceilings__has_any_keys=[str(each) for each in variant_ids]
    ).select_related("listing__live_revision")
    for row in rows:
        _look(row, at=row.starts_at, known_at=at)
    return len(rows)


def _look(row: CampaignPrice, *, at: datetime, known_at: datetime) -> None:
    ceilings: dict[str, int] = {}
    for each in offers.variants(row.listing.content, row.listing_id):
        found = pricing.permitted(row.listing, each.id, at=at, known_at=known_at)
        row.rule_id = found.rule_id or "none"
        if found.ceiling is not None:
            ceilings[str(each.id)] = found.ceiling.minor
    row.ceilings = ceilings
    row.save(update_fields=["ceilings", "rule_id"])


def of_outer_listing(at: datetime) -> ArraySubquery:
    """The prices that hold for a listing, inside the statement that fetches it; `shown_by` reads them."""
    rows = CampaignPrice.objects.filter(
        listing=OuterRef("pk"), ended_at__isnull=True, can_pay=True, starts_at__lte=at, ends_at__gt=at
    )
    named: dict[str, Any] = {name: F(name) for name in SHOWN}
    return ArraySubquery(rows.order_by("-off_permille", "campaign_id").values(row=JSONObject(**named)))


def shown_by(listing: Listing, variant: offers.VariantOffer, all_in: Money) -> Shown | None:
    """The best of what `of_outer_listing` brought along; `all_in` is what one piece costs without it."""
    row = next(iter(getattr(listing, "campaigns", None) or ()), None)
    if row is None:
        return None
    off = Money(variant.price_minor * row["off_permille"] // 1000, variant.currency)
    ceiling = row["ceilings"].get(str(variant.id))
    # The way to the reader may cost less than the one the ceiling was reckoned with: both are less then.
    was = min(all_in.minor, ceiling - (variant.all_in - all_in).minor) if ceiling else 0
    return Shown(
        campaign_id=UUID(row["campaign_id"]),
        names=row["names"],
        off=off,
        price=all_in - off,
        was=Money(was, variant.currency) if was > (all_in - off).minor else None,
        rule_id=row["rule_id"],
        platform_permille=1000 - row["shop_permille"],
        ends_at=datetime.fromisoformat(row["ends_at"]),
    )


def held_by(campaign_id: UUID, listing_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, CampaignPrice]:
    """By listing the campaign's prices that its page may show now."""
    rows = CampaignPrice.objects.filter(
        campaign_id=campaign_id,
        listing__in=list(listing_ids),
        ended_at__isnull=True,
        can_pay=True,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    return {row.listing_id: row for row in rows}

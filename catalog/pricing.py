"""What was asked and paid when: the lowest price of the last days, and what may stand crossed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from catalog import freight, offers
from catalog.models import Deal, Listing, ListingRevision, PriceHistory
from catalog.queries import goods_minor
from kernel.money import Money
from law.pricing import REFERENCE, Asked, Permitted, permitted_reference
from law.pricing import Deal as Sale
from law.rules import Pack
from law.windows import lookback
from rulebook import current

LOOK_BACK = timedelta(days=30)
# The ground on which goods that spoil are told apart, as for returns.
SPOILS = "fresh"


def note_prices(revisions: Sequence[ListingRevision], *, at: datetime) -> list[PriceHistory]:
    """Write down each variant's price that differs from the one before; price and freight of one piece.

    A change of one against the other is a change too: the goods' own price stands in the revision.
    """
    before = PriceHistory.objects.newest_of(each.listing_id for each in revisions)
    changed = [
        PriceHistory(
            listing_id=revision.listing_id,
            variant_id=each.id,
            revision=revision,
            price_minor=each.all_in.minor,
            currency=each.currency,
            valid_from=at,
        )
        for revision in revisions
        for each in offers.variants(revision.content, revision.listing_id)
        if before.get(each.id) != (each.all_in.minor, each.price_minor)
    ]
    return PriceHistory.objects.bulk_create(changed)


@dataclass(frozen=True, slots=True)
class Step:
    """From when on the goods alone asked which price."""

    goods_minor: int
    currency: str
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class RecentPrices:
    """The last thirty days: the lowest price and since when; `steps` are (instant, minor), oldest first.

    Of the goods without freight, so that neither a place nor a change of freight makes a price low.
    """

    lowest: Money
    lowest_at: datetime
    current: Money
    steps: tuple[tuple[datetime, int], ...]

    @property
    def above_lowest_permille(self) -> int:
        """How far the price of today stands above the lowest, in thousandths, rounded."""
        if self.lowest.minor == 0:
            return 0
        return round((self.current.minor - self.lowest.minor) * 1000 / self.lowest.minor)

    @property
    def changed(self) -> bool:
        return len({minor for _, minor in self.steps}) > 1


def of_outer_listing(at: datetime) -> ArraySubquery:
    """Every variant's recent prices, within the statement that fetches the listing; see `recent_of`."""
    rows = PriceHistory.objects.in_force_since(at - LOOK_BACK).filter(listing=OuterRef("pk"))
    named: dict[str, Combinable] = {name: F(name) for name in ("variant_id", "currency", "valid_from")}
    named["goods_minor"] = goods_minor()
    return ArraySubquery(rows.order_by("-valid_from", "-id").values_list(JSONObject(**named)))


def recent_of(listing: Listing, variant_id: UUID, *, at: datetime) -> RecentPrices | None:
    """A variant's prices in force during the last thirty days, as `of_outer_listing` brought them along."""
    rows = [row for row in listing.priced if row["variant_id"] == str(variant_id)]  # type: ignore[attr-defined]
    told = [{**row, "valid_from": datetime.fromisoformat(row["valid_from"])} for row in rows]
    return recent([Step(row["goods_minor"], row["currency"], row["valid_from"]) for row in told], at=at)


def recent(newest_first: Sequence[Step], *, at: datetime) -> RecentPrices | None:
    """What was in force: every price of the last thirty days, and the one they began with."""
    floor, in_force = at - LOOK_BACK, []
    for row in newest_first:
        if row.valid_from > at:
            continue
        in_force.append(row)
        if row.valid_from <= floor:
            break
    if not in_force:
        return None
    lowest = min(in_force, key=lambda row: (row.goods_minor, -row.valid_from.timestamp()))
    return RecentPrices(
        lowest=Money(lowest.goods_minor, lowest.currency),
        lowest_at=max(lowest.valid_from, floor),
        current=Money(in_force[0].goods_minor, in_force[0].currency),
        steps=tuple((max(row.valid_from, floor), row.goods_minor) for row in reversed(in_force)),
    )


@dataclass(frozen=True, slots=True)
class Headline:
    """A variant and its price, freight included; on the card stands the cheapest, the first of equals."""

    variant_id: UUID
    price: Money


def headline(content: Mapping[str, Any], listing_id: UUID) -> Headline:
    """Of a revision's content or of a draft: what the goods cost least for, as on the card."""
    own, rows = content.get("price_minor") or 0, content.get("variants") or [{}]
    cheapest = min(range(len(rows)), key=lambda place: rows[place].get("price_minor") or own)
    return asked_of(content, listing_id)[cheapest]


def asked_of(content: Mapping[str, Any], listing_id: UUID) -> list[Headline]:
    """What each variant of a content or draft asks, with its own freight, in the seller's order.

    In a draft, a variant without a price has the listing's.
    """
    found = []
    for row in content.get("variants") or [{}]:
        price = row.get("price_minor") or content.get("price_minor") or 0
        sent = freight.of_one(content, freight.grams_of(content, row), price, "") or 0
        found.append(Headline(UUID(row["id"]) if row.get("id") else listing_id, Money(price + sent)))
    return found


def permitted(
    listing: Listing,
    variant_id: UUID,
    *,
    at: datetime,
    known_at: datetime | None = None,
    place: str = current.HOME,
    began: datetime | None = None,
) -> Permitted:
    """The highest price that may stand crossed out beside a variant from the instant `at` in `place`.

    Deals that had come to nothing up to `known_at` (default: `at`) don't count; sums hold the freight.

    :raises PlaceUnknown: PlaceTooWide or PackNotInForce
    """
    pack = current.pack(place, at)
    return permitted_reference(
        pack=pack,
        at=at,
        deals=_sales(pack, variant_id, at, known_at or at),
        asked=_asked(variant_id, at),
        perishable=offers.legal_facts(listing.content).exclusion == SPOILS,
        began=began,
    )


def permitted_of_each(offers_of: Mapping[UUID, Listing], *, at: datetime) -> dict[UUID, Permitted]:
    """The same for several variants, each with its listing, at home; as few statements for ten as for two."""
    pack, wanted = current.pack(current.HOME, at), list(offers_of)
    deals: dict[UUID, list[Sale]] = {each: [] for each in wanted}
    if REFERENCE in pack.roles:
        since, _until = lookback(pack=pack, rule_id=pack.role(REFERENCE), at=at)
        standing = Deal.objects.standing(at).filter(variant_id__in=wanted, at__lt=at)
        before = standing.filter(at__lt=since).order_by("variant_id", "-at", "-id").distinct("variant_id")
        for row in [*standing.filter(at__gte=since), *before]:
            deals[row.variant_id].append(Sale(row.at, row.price))
    asked: dict[UUID, list[Asked]] = {each: [] for each in wanted}
    for price in PriceHistory.objects.filter(variant_id__in=wanted, valid_from__lt=at):
        asked[price.variant_id].append(Asked(price.valid_from, Money(price.price_minor, price.currency)))
    return {
        each: permitted_reference(
            pack=pack,
            at=at,
            deals=deals[each],
            asked=asked[each],
            perishable=offers.legal_facts(listing.content).exclusion == SPOILS,
        )
        for each, listing in offers_of.items()
    }


def _sales(pack: Pack, variant_id: UUID, at: datetime, known_at: datetime) -> list[Sale]:
    """The deals of the period that the law looks back over, and the last one before it."""
    if REFERENCE not in pack.roles:
        return []
    since, until = lookback(pack=pack, rule_id=pack.role(REFERENCE), at=at)
    standing = Deal.objects.standing(known_at).of_variant(variant_id).filter(at__lt=until)
    rows = [*standing.filter(at__gte=since), *standing.filter(at__lt=since)[:1]]
    return [Sale(row.at, row.price) for row in rows]


def deals_since(variant_id: UUID, since: datetime, *, at: datetime) -> list[Deal]:
    """The deals that stand, oldest first; the newest thousand at most."""
    rows = Deal.objects.standing(at).of_variant(variant_id).filter(at__gte=since, at__lt=at)
    return list(reversed(rows[:1000]))


def _asked(variant_id: UUID, at: datetime) -> list[Asked]:
    rows = PriceHistory.objects.of_variant(variant_id).filter(valid_from__lt=at)
    return [Asked(row.valid_from, Money(row.price_minor, row.currency)) for row in rows]

"""What came off the lines of placed orders, cause by cause: each set, offer and coupon with its sum."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kernel.money import Money
from orders.campaigns import prices, taking_off
from orders.models import DiscountKind, Funding, LineDiscount, Order, Promotion
from orders.promotions.available import offer_of
from orders.promotions.splitting import Offer
from web import tenancy

# As they are taken off.
ORDER = (
    DiscountKind.SET,
    DiscountKind.ENTRY,
    DiscountKind.THRESHOLD,
    DiscountKind.COUPON,
    DiscountKind.CAMPAIGN,
)


@dataclass(frozen=True, slots=True)
class Cause:
    """One set, offer or coupon of an order. `offer` holds a promotion's terms, None for a set."""

    kind: str
    reference: UUID
    funder: str
    by_line: Mapping[UUID, Money] = field(default_factory=dict)
    offer: Offer | None = None

    @property
    def amount(self) -> Money:
        return Money(sum(each.minor for each in self.by_line.values()))


def of_order(order: Order) -> tuple[Cause, ...]:
    """Sets first, then the threshold offer, then the coupon: as they were taken off."""
    return of_orders([order])[order.pk]


def of_orders(orders: Iterable[Order]) -> dict[UUID, tuple[Cause, ...]]:
    """By order; in two statements, in none where nothing came off."""
    every = list(orders)
    lowered = [order.pk for order in every if order.discount_minor]
    rows = list(LineDiscount.objects.of_orders(lowered).with_promotions()) if lowered else []
    offers = _offers(rows)
    of: dict[UUID, list[LineDiscount]] = {order.pk: [] for order in every}
    for row in rows:
        of[row.line.order_id].append(row)
    return {order.pk: _causes(of[order.pk], offers) for order in every}


def _causes(rows: Sequence[LineDiscount], offers: Mapping[UUID, Offer]) -> tuple[Cause, ...]:
    found: dict[tuple[str, UUID, str], dict[UUID, Money]] = {}
    for row in rows:
        found.setdefault((row.kind, row.reference, row.funder), {})[row.line_id] = row.amount
    order = [str(each) for each in ORDER]
    causes = [
        Cause(kind, reference, funder, by_line, offers.get(reference))
        for (kind, reference, funder), by_line in found.items()
    ]
    return tuple(sorted(causes, key=lambda each: (order.index(each.kind), each.reference, each.funder)))


def _offers(rows: Iterable[LineDiscount]) -> dict[UUID, Offer]:
    """By what the rows refer to: a threshold offer by itself, a coupon by its promotion's terms."""
    paid_in = {row.line.order_id for row in rows if row.kind == DiscountKind.CAMPAIGN}
    lowered = {row.reference for row in rows if row.kind in (DiscountKind.CAMPAIGN, DiscountKind.ENTRY)}
    own = (DiscountKind.THRESHOLD, DiscountKind.COUPON)
    named = {row.reference: row.promotion_id for row in rows if row.kind in own}
    known = Promotion.objects.in_bulk(list(named.values())) if named else {}
    found = {reference: offer_of(known[pk], reference) for reference, pk in named.items() if pk in known}
    return found | (_of_campaigns(paid_in, lowered) if lowered else {})


@tenancy.widened()
def _of_campaigns(order_ids: Iterable[UUID], references: Collection[UUID]) -> dict[UUID, Offer]:
    """A campaign is public, and a shop reads its terms by its order; who claimed it stays unread."""
    rows = Funding.objects.filter(order__in=list(order_ids)).select_related("campaign")
    claimed = {
        each.claim_id: taking_off.offer_of(each.campaign, each.claim_id) for each in rows if each.claim_id
    }
    left = [each for each in references if each not in claimed]
    return {**claimed, **(prices.offers_of(left) if left else {})}

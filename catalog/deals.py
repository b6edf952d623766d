"""Real deals: what one piece was really sold for, noted when it is paid and void when it comes to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import campaign_prices, reductions
from catalog.models import Deal, DealVoid, Listing
from kernel.money import Money


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid line: `price` is what one piece cost with its freight; `reference` names the line, once."""

    listing_id: UUID
    variant_id: UUID
    reference: UUID
    price: Money


@transaction.atomic
def note(sales: Sequence[Sale], *, at: datetime) -> None:
    """Write down what was paid at the instant `at`; the same reference again changes nothing.

    The listings are held meanwhile, so that no reduction is checked while a deal is on its way.
    """
    _hold(sale.listing_id for sale in sales)
    Deal.objects.bulk_create(
        (
            Deal(
                listing_id=sale.listing_id,
                variant_id=sale.variant_id,
                reference=sale.reference,
                price_minor=sale.price.minor,
                currency=sale.price.currency,
                at=at,
            )
            for sale in sales
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def void(references: Iterable[UUID], *, cause: str, at: datetime) -> None:
    """These lines came to nothing; a price reduction that stood on them ends with them.

    `cause` is cancelled, returned or refunded. What was never a deal, or is void already, stays as it is.
    """
    fallen = list(Deal.objects.filter(reference__in=list(references), void__isnull=True).order_by("pk"))
    if not fallen:
        return
    _hold(deal.listing_id for deal in fallen)
    rows = [DealVoid(deal=deal, cause=cause, at=max(at, deal.at)) for deal in fallen]
    DealVoid.objects.bulk_create(rows, ignore_conflicts=True)
    variants = {deal.variant_id for deal in fallen}
    reductions.recheck(variants, at=at)
    campaign_prices.recheck(variants, at=at)


def _hold(listing_ids: Iterable[UUID]) -> None:
    ids = sorted(set(listing_ids))
    list(Listing.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).values_list("pk"))

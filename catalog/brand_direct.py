"""Which offers are brand direct: sold by a shop whose chain from the brand's owner holds for their category.

Asked of the papers each time. What the listing keeps is only the name of the brand that it states.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import Combinable, Exists

from catalog.models import Listing
from catalog.screening.engine import make
from catalog.screening.finding import Finding, Text
from catalog.screening.ruleset import by_id
from merchants import brand_chains, brand_names
from merchants.models import BrandClaim
from web import tenancy

FIELD, RULE = "brand", "name.brand_unproved"


def key_of(content: Mapping[str, Any]) -> str:
    """The brand that a content states, as it is compared; empty where it states none."""
    return brand_names.folded(str((content.get("attributes") or {}).get(FIELD) or ""))


def of_outer_listing(at: datetime) -> Subquery:
    """For `annotate`: the claim that makes the offer brand direct, in the same statement; None without."""
    return Subquery(_claims(at).values("pk")[:1])


def is_direct(at: datetime) -> Q:
    """For `filter`: shops without any claim are set aside before their offers are looked at one by one."""
    claiming = BrandClaim.objects.running().values("merchant_id")
    return Q(merchant_id__in=claiming) & ~Q(brand_key="") & Q(Exists(_claims(at)))


def _claims(at: datetime) -> Any:
    category: Combinable = OuterRef(OuterRef("category_id"))
    rows = BrandClaim.objects.whole(day=brand_chains.today(at), place=brand_chains.SOLD_IN, category=category)
    rows = rows.filter(merchant=OuterRef("merchant_id"), brand__folded__contains=[OuterRef("brand_key")])
    return rows.order_by("claimed_at", "id")


def claim_of(listing: Listing) -> UUID | None:
    """What `of_outer_listing` brought along; None where nothing was asked or nothing holds."""
    found: UUID | None = getattr(listing, "direct", None)
    return found


Holders = dict[tuple[str, str], set[UUID]]


def doubts(
    listing: Listing, draft: Mapping[str, Any], *, at: datetime, known: Holders | None = None
) -> list[Finding]:
    """The offer names a brand that somebody else proved here and this shop didn't: a person looks first.

    `known` are the shops behind brands that offers before have named, by category; it grows.
    """
    key, said = key_of(draft), str((draft.get("attributes") or {}).get(FIELD) or "")
    if not key:
        return []
    asked, known = (listing.category_id, key), {} if known is None else known
    if asked not in known:
        known[asked] = _holders(*asked, at=at)
    holders = known[asked]
    if not holders or listing.merchant_id in holders:
        return []
    return [make(by_id()[RULE], Text(FIELD, said), 0, len(said))]


def _holders(category: str, key: str, *, at: datetime) -> set[UUID]:
    # Of other shops' chains the portal's role sees nothing.
    with tenancy.widened():
        day = brand_chains.today(at)
        proved = BrandClaim.objects.whole(day=day, place=brand_chains.SOLD_IN, category=category)
        return set(proved.filter(brand__folded__contains=[key]).values_list("merchant_id", flat=True))


def claiming(merchant_id: UUID, claim_id: UUID) -> int:
    """How many live offers of the shop state the brand of this claim."""
    names = BrandClaim.objects.filter(pk=claim_id).values_list("brand__folded", flat=True).first() or []
    rows = Listing.objects.of_merchant(merchant_id).filter(state="live", brand_key__in=names)
    return rows.count()

"""What the catalogue does after facts: its own and those of lower floors."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from catalog import (
    brand_direct,
    certificates,
    licensing,
    paper_grace,
    reports,
    shop_names,
    shortfalls,
    stock_alerts,
    telling,
)
from catalog.deadlines import CERTIFICATE_EXPIRY, CERTIFICATE_WARNING, GRACE, PAPERS
from catalog.events import (
    CertificateLost,
    ListingPublished,
    ListingSuspended,
    ListingWithdrawn,
    ReductionEnded,
    SchemaInForce,
)
from catalog.models import Listing
from merchants import reviewing
from merchants.events import (
    BrandChainChanged,
    DocumentExpired,
    DocumentVerified,
    MerchantApplied,
    MerchantStandingChanged,
)
from merchants.models import Merchant


def on_merchant_applied(event: MerchantApplied, *, at: datetime) -> None:
    """The desk reads beside the application whom its name could be taken for."""
    merchant = Merchant.objects.get(pk=event.merchant_id)
    reviewing.note_like_name(merchant_id=merchant.pk, other=shop_names.confusable(merchant))


def on_document_expired(event: DocumentExpired, *, at: datetime) -> None:
    """What the shop may sell only with the document goes off sale."""
    licensing.take_down_without(merchant_id=event.merchant_id, kind=event.kind, at=at)


def on_brand_chain_changed(event: BrandChainChanged, *, at: datetime) -> None:
    """The badge is gone by itself; where offers still name the brand, the shop is told what that means."""
    number = brand_direct.claiming(event.merchant_id, event.claim_id)
    if not event.whole and number:
        telling.brand_direct_lost(event.claim_id, number, at=at)


def on_document_verified(event: DocumentVerified, *, at: datetime) -> None:
    """What the shop sells may stay, if it was told that this document is missing."""
    paper_grace.close_if_held(merchant_id=event.merchant_id, kind=event.kind, at=at)


def on_certificate_lost(event: CertificateLost, *, at: datetime) -> None:
    """What may be sold only with it goes off sale."""
    certificates.take_down_without(certificate_id=event.certificate_id, why=event.why, at=at)


def on_certificate_warning(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The first warning, long before the end; the letters before the end itself follow."""
    telling.certificate_ending(reference, at=at)


def on_schema_in_force(event: SchemaInForce, *, at: datetime) -> None:
    shortfalls.tell_shops(change_id=event.change_id, at=at)


def on_listing_changed(
    event: ListingPublished | ListingWithdrawn | ListingSuspended, *, at: datetime
) -> None:
    """Completed or gone: a shop with nothing left that falls short hears no more of it."""
    listing = Listing.objects.only("category_id").get(pk=event.listing_id)
    shortfalls.close_if_met(merchant_id=event.merchant_id, category=listing.category_id, at=at)


def on_listing_published(event: ListingPublished, *, at: datetime) -> None:
    """Who waited for something sold out that was taken off sale meanwhile."""
    stock_alerts.look_again(listing_id=event.listing_id)


def on_shop_standing_changed(event: MerchantStandingChanged, *, at: datetime) -> None:
    stock_alerts.look_again(listing__merchant_id=event.merchant_id)


def on_reduction_ended(event: ReductionEnded, *, at: datetime) -> None:
    telling.reduction_ended(event.reduction_id, at=at)


# Deadline kind → what happens at its instant.
OUTCOMES = {
    reports.CLOCK: reports.on_due,
    GRACE: shortfalls.on_grace_over,
    PAPERS: paper_grace.on_grace_over,
    CERTIFICATE_WARNING: on_certificate_warning,
    CERTIFICATE_EXPIRY: certificates.expire,
}

"""Letters to a shop about its certificates and its price reductions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from catalog.models import Certificate, Reduction
from catalog.proof_kinds import CertificateState
from catalog.taking_down import members_of
from merchants.models import BrandClaim
from notifications.kinds import Value
from notifications.sending import send

ENDING, REDUCTION_ENDED = "catalog.certificate_ending", "catalog.reduction_ended"
BRAND_LOST = "catalog.brand_direct_lost"


def certificate_ending(certificate_id: UUID, *, at: datetime) -> None:
    """Only while it counts."""
    held = Certificate.objects.select_related("merchant").get(pk=certificate_id)
    if held.state != CertificateState.VERIFIED or held.valid_until is None:
        return
    path = reverse("catalog:certificates", args=[held.merchant.slug])
    params: dict[str, Value] = {"number": held.number, "until": held.valid_until, "path": path}
    for reader in members_of(held.merchant):
        send(subject_id=reader, kind=ENDING, reference=held.pk, params=params, at=at)


def brand_direct_lost(claim_id: UUID, number: int, *, at: datetime) -> None:
    """Once for each loss and reader: what the badge stood on no longer holds."""
    claim = BrandClaim.objects.select_related("merchant", "brand").get(pk=claim_id)
    path = reverse("catalog:brands", args=[claim.merchant.slug])
    params: dict[str, Value] = {"brand": str(claim.brand), "listings": number, "path": path}
    for reader in members_of(claim.merchant):
        send(subject_id=reader, kind=BRAND_LOST, reference=claim.pk, params=params, at=at)


def reduction_ended(reduction_id: UUID, *, at: datetime) -> None:
    """A crossed-out price lost its basis before its day; once for each reduction and reader."""
    row = Reduction.objects.select_related("listing__merchant").get(pk=reduction_id)
    path = reverse("catalog:listing", args=[row.listing.merchant.slug, row.listing_id])
    params: dict[str, Value] = {"goods": row.listing.working_title or row.listing.code, "path": path}
    for reader in members_of(row.listing.merchant):
        send(subject_id=reader, kind=REDUCTION_ENDED, reference=row.pk, params=params, at=at)

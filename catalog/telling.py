"""Letters to a shop about its certificates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from catalog.models import Certificate
from catalog.proof_kinds import CertificateState
from catalog.taking_down import members_of
from notifications.kinds import Value
from notifications.sending import send

ENDING = "catalog.certificate_ending"


def certificate_ending(certificate_id: UUID, *, at: datetime) -> None:
    """Only while it counts."""
    held = Certificate.objects.select_related("merchant").get(pk=certificate_id)
    if held.state != CertificateState.VERIFIED or held.valid_until is None:
        return
    path = reverse("catalog:certificates", args=[held.merchant.slug])
    params: dict[str, Value] = {"number": held.number, "until": held.valid_until, "path": path}
    for reader in members_of(held.merchant):
        send(subject_id=reader, kind=ENDING, reference=held.pk, params=params, at=at)

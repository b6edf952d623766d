"""Invitations to act for a shop: to one contact, for a time, accepted once."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from merchants.capabilities import Capability
from merchants.models.shops import Membership, Merchant
from privacy.fields import EncryptedTextField


class Invitation(models.Model):
    """`contact` is sealed under the shop's key; `stands_for` is its keyed pseudonym, `digest` the link's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    contact = EncryptedTextField()
    stands_for = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    capabilities = ArrayField(models.CharField(max_length=12))
    invited_by = models.CharField(max_length=80)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, null=True, related_name="+")

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_capabilities_are_known",
                condition=Q(capabilities__contained_by=[str(each) for each in Capability])
                & ~Q(capabilities__len=0),
            ),
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=Q(withdrawn_at__isnull=True) | Q(accepted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_in_time",
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__lt=models.F("expires_at")),
            ),
            models.UniqueConstraint(
                name="invitation_one_waits_per_contact",
                fields=["merchant", "stands_for"],
                condition=Q(withdrawn_at__isnull=True, accepted_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_invitation_is_not_widened",
                operation=pgtrigger.UpdateOf(
                    *("merchant_id", "stands_for", "digest", "capabilities", "invited_by", "expires_at")
                ),
            ),
            pgtrigger.Protect(name="an_invitation_is_not_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id}: {', '.join(self.capabilities)}"

"""Told to a shop: what it sells demands a document that it doesn't hold, and until when it may stay."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id


class PaperNotice(models.Model):
    """One running per shop and kind of document; `duty` is the rule behind the demand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    duty = models.CharField(max_length=80)
    listings = models.PositiveIntegerField()
    told_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paper_notice_runs_once_per_kind",
                fields=["merchant", "kind"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(name="paper_notice_is_about_listings", condition=Q(listings__gt=0)),
            models.CheckConstraint(name="paper_notice_gives_time", condition=Q(due_at__gt=F("told_at"))),
            models.CheckConstraint(
                name="paper_notice_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("told_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.merchant_id}"

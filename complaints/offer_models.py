"""What one side of a case offers the other; the case itself says which one stands."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from complaints.remedy_kinds import DONE_BY_SHOP, Remedy
from kernel.ids import new_id
from kernel.money import Money

MOST_DAYS = 60


class Offer(models.Model):
    """A sum in the case's currency, or something the shop does within so many days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey("complaints.Complaint", on_delete=models.PROTECT, related_name="offers")
    seat = models.CharField(max_length=10, default="merchant", db_default="merchant")
    remedy = models.CharField(max_length=12, default=Remedy.REFUND, db_default=Remedy.REFUND.value)
    amount_minor = models.BigIntegerField()
    perform_days = models.PositiveSmallIntegerField(null=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "complaint"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remedy=Remedy.REFUND.value, amount_minor__gt=0, perform_days__isnull=True)
                | Q(
                    remedy__in=sorted(str(each) for each in DONE_BY_SHOP),
                    amount_minor=0,
                    perform_days__isnull=False,
                    perform_days__gte=1,
                    perform_days__lte=MOST_DAYS,
                ),
                name="complaint_offer_is_a_sum_or_a_deed",
            ),
            models.CheckConstraint(
                condition=Q(seat__in=["buyer", "merchant"]), name="complaint_offer_has_a_seat"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.remedy} {self.amount_minor} {self.complaint_id}"

    def sum_in(self, currency: str) -> Money:
        return Money(self.amount_minor, currency)

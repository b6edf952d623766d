"""What became of a change of many prices and counts: the report that stays."""

from __future__ import annotations

from django.db import models

from kernel.ids import new_id
from merchants.models import history


class BulkChange(models.Model):
    """`lines` say what each row was, what it was to be and what became of it, in words of `language`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    # Whether one refused row kept all the others back.
    together = models.BooleanField()
    language = models.CharField(max_length=10)
    taken = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    lines = models.JSONField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("bulk_change_is_append_only")]
        constraints = [
            models.CheckConstraint(
                name="bulk_change_together_takes_all_or_none",
                condition=models.Q(together=False) | models.Q(taken=0) | models.Q(refused=0),
            ),
        ]
        indexes = [models.Index(name="bulk_change_by_time", fields=["merchant", "-at", "-id"])]

    def __str__(self) -> str:
        return f"{self.taken} taken, {self.refused} refused"

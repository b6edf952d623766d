"""What a shop promises on all its goods: chosen with its terms, withdrawn with notice, never rewritten."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id

# Only the end is added, once; what was promised and when stays as it was said.
_ONLY_ENDS = """
IF TG_OP = 'DELETE'
    OR to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by', 'ends_at']
        <> to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by', 'ends_at']
    OR OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'append only: what a shop promised stays' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ShopPromise(models.Model):
    """`key` is the catalogue's; no `categories` means all. Orders freeze `version`, one higher each time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    categories = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, default="")
    # From here on new orders are without it.
    ends_at = models.DateTimeField(null=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="shop_promise_version_once", fields=["merchant", "key", "version"]),
            models.UniqueConstraint(
                name="shop_promise_stands_once",
                fields=["merchant", "key"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="shop_promise_binds_nobody_backwards", condition=Q(starts_at__gte=F("chosen_at"))
            ),
            models.CheckConstraint(
                name="shop_promise_ends_only_after_notice",
                condition=Q(withdrawn_at__isnull=True, ends_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False, ends_at__gt=F("withdrawn_at")) & ~Q(withdrawn_by="")),
            ),
            models.CheckConstraint(
                name="shop_promise_names_a_promise", condition=~Q(key="") & Q(version__gte=1)
            ),
        ]
        indexes = [
            models.Index(name="shop_promise_by_start", fields=["starts_at"]),
            models.Index(name="shop_promise_by_end", fields=["ends_at"], condition=Q(ends_at__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shop_promise_only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_ENDS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

"""What a person put aside to find again, and what they asked to be told of."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from catalog.finding_states import AlertState
from kernel.ids import new_id

_ENDS_ONCE = """
IF OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'catalog: a stock alert that is over stays as it was' USING ERRCODE = 'check_violation';
END IF;
IF (NEW.subject_id, NEW.listing_id, NEW.variant_id, NEW.asked_at)
    IS DISTINCT FROM (OLD.subject_id, OLD.listing_id, OLD.variant_id, OLD.asked_at) THEN
    RAISE EXCEPTION 'catalog: a stock alert stays about what was asked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class WishLine(models.Model):
    """One thing on a person's wish list; without a variant the whole offer, at its lowest price.

    `seen_minor` is what one piece cost, all in, when it was put there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", null=True)
    seen_minor = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="a_wish_once_per_person",
                fields=["subject", "listing", "variant"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="wish_was_seen_at_a_price", condition=Q(seen_minor__gt=0)),
        ]
        indexes = [models.Index(name="wishes_by_age", fields=["added_at"])]

    def __str__(self) -> str:
        return f"wish for {self.listing_id}"


class StockAlert(models.Model):
    """A person asked to be told, once, when a variant is back; the words they read are named by version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=AlertState.WAITING)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    text_version = models.PositiveIntegerField()
    language = models.CharField(max_length=8)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="stock_alert_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_ENDS_ONCE,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_stock_alert_waits_once",
                fields=["subject", "variant"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="stock_alert_state_is_known",
                condition=Q(state__in=[str(state) for state in AlertState]),
            ),
            models.CheckConstraint(
                name="stock_alert_over_has_an_instant",
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="stock_alert_runs_out_later", condition=Q(expires_at__gt=F("asked_at"))
            ),
        ]
        indexes = [
            models.Index(
                name="stock_alerts_in_order",
                fields=["variant", "asked_at", "id"],
                condition=Q(state="waiting"),
            ),
            models.Index(name="stock_alerts_by_end", fields=["expires_at"], condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.state}"

"""What anybody reports about an offer that breaks the law, and what came of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from catalog.finding_states import REPORT_OUTCOMES, REPORT_REASONS
from kernel.ids import new_id
from privacy.fields import EncryptedTextField

_ANSWERED_ONCE = """
IF OLD.state <> 'received' THEN
    RAISE EXCEPTION 'catalog: a report is answered once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ListingReport(models.Model):
    """Whoever has the number may follow it; what was written and how to reach them is sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=12, unique=True)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey("catalog.ListingRevision", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=20)
    law = models.CharField(max_length=200, blank=True, default="")
    words = EncryptedTextField()
    contact = EncryptedTextField(null=True)
    file = models.ForeignKey("privacy.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, default="received")
    made_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(max_length=2000, blank=True, default="")
    rule_id = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="listing_report_is_answered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state", "reason", "rule_id", "decided_at", "decided_by"),
                func=_ANSWERED_ONCE,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="listing_report_cause_is_known", condition=Q(cause__in=list(REPORT_REASONS))
            ),
            models.CheckConstraint(
                name="listing_report_state_is_known",
                condition=Q(state__in=["received", *REPORT_OUTCOMES]),
            ),
            models.CheckConstraint(
                name="listing_report_answer_has_reasons",
                condition=Q(state="received", decided_at__isnull=True)
                | (~Q(state="received") & Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="listing_report_take_down_names_its_rule",
                condition=~Q(state="taken_down") | ~Q(rule_id=""),
            ),
            models.UniqueConstraint(
                name="listing_report_once_while_open",
                fields=["subject", "listing"],
                condition=Q(state="received"),
            ),
        ]
        indexes = [
            models.Index(name="listing_reports_to_answer", fields=["made_at"], condition=Q(state="received"))
        ]

    def __str__(self) -> str:
        return self.number

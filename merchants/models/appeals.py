"""What a shop contests: its words, its files, and what another reviewer made of it."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from merchants.appeal_lifecycle import APPEAL, About, AppealState
from merchants.models.shops import Merchant
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile

FILED = str(AppealState.FILED)
# Only the ruling is added, once; the words may be sealed anew under a later key.
_RULED_ONCE = """
IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'append only: an appeal is never removed'; END IF;
IF to_jsonb(OLD) - ARRAY['text'] = to_jsonb(NEW) - ARRAY['text'] THEN
    IF OLD.text IS DISTINCT FROM NEW.text AND NOT privacy_is_resealing(OLD.text, NEW.text) THEN
        RAISE EXCEPTION 'append only: the words of an appeal stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END IF;
IF OLD.state <> 'filed' OR OLD.text IS DISTINCT FROM NEW.text
    OR to_jsonb(OLD) - ARRAY['state', 'with_senior', 'reasons', 'decided_by', 'decided_at']
        <> to_jsonb(NEW) - ARRAY['state', 'with_senior', 'reasons', 'decided_by', 'decided_at'] THEN
    RAISE EXCEPTION 'append only: an appeal is ruled on once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_BY_ANOTHER = """
IF NEW.decided_by IS NOT NULL AND (NEW.decided_by = ANY (NEW.deciders) OR EXISTS (
    SELECT 1 FROM merchants_membership m
    WHERE m.merchant_id = NEW.merchant_id AND m.ended_at IS NULL AND m.subject_id = NEW.decided_by
)) THEN
    RAISE EXCEPTION 'another person rules on an appeal, and none of the shop''s'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_ruled_on_by_another';
END IF;
RETURN NEW;
"""


class Appeal(models.Model):
    """One appeal against one decision; `deciders` are the staff who took that decision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    about = models.CharField(max_length=12)
    reference = models.UUIDField()
    contested_at = models.DateTimeField()
    deciders = ArrayField(models.UUIDField(), default=list)
    text = EncryptedTextField()
    state = models.CharField(max_length=8, default=FILED)
    filed_by = models.CharField(max_length=80)
    filed_at = models.DateTimeField()
    with_senior = models.BooleanField(default=False)
    reasons = models.TextField(max_length=2000, blank=True, default="")
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="appeal_once_per_decision", fields=["about", "reference"]),
            models.CheckConstraint(name="appeal_state_is_known", condition=Q(state__in=APPEAL.values)),
            models.CheckConstraint(
                name="appeal_is_about_something_known", condition=Q(about__in=[str(one) for one in About])
            ),
            models.CheckConstraint(
                name="appeal_ruling_says_who_when_and_why",
                condition=Q(state=FILED, decided_by=None, decided_at=None, reasons="")
                | (~Q(state=FILED) & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reasons="")),
            ),
        ]
        indexes = [
            models.Index(name="appeal_by_shop", fields=["merchant", "-filed_at"]),
            models.Index(name="appeal_waiting", fields=["filed_at"], condition=Q(state=FILED)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="appeal_is_ruled_on_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_RULED_ONCE,
            ),
            pgtrigger.Trigger(
                name="appeal_is_ruled_on_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_BY_ANOTHER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} {self.reference}"

    @property
    def is_running(self) -> bool:
        return self.state == AppealState.FILED


class AppealFile(models.Model):
    """A file shown with an appeal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = True
    tenant = "appeal"

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="appeal_file_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return str(self.file_id)

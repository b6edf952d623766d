"""Opening what a rule keeps of an erased person: asked by one officer, approved by another, for minutes."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models.subjects import Subject

# The database's own ceiling; the policy says how long an opening really is.
LONGEST = timedelta(hours=4)


class KeptPurpose(models.TextChoices):
    """For what the law keeps such data; curiosity isn't among it."""

    COURT = "court"
    AUTHORITY = "authority"
    CLAIM = "claim"
    TAX = "tax"


class KeptOpening(models.Model):
    """One reason to open what is kept of one erased person; the reason lies under the key of who asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=KeptPurpose)
    reference = models.CharField(max_length=40)
    reason = EncryptedTextField(subject="asked_by")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("opening of kept data")
        verbose_name_plural = _("openings of kept data")
        indexes = [models.Index(fields=["-asked_at"], name="privacy_kept_openings_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=KeptPurpose.values), name="privacy_kept_purpose_is_known"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="privacy_an_opening_names_its_paper"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, closes_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False, closes_at__isnull=False)
                & ~Q(approved_by=F("asked_by")),
                name="privacy_two_officers_open_what_is_kept",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("approved_at"), closes_at__lte=F("approved_at") + LONGEST),
                name="privacy_an_opening_is_short",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="an_opening_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="an_opening_stays_what_was_asked",
                operation=pgtrigger.UpdateOf("subject_id", "purpose", "reference", "asked_by", "asked_at"),
            ),
            pgtrigger.Trigger(
                name="an_approved_opening_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.approved_at IS NOT NULL AND (NEW.approved_by, NEW.approved_at, NEW.closes_at)
                        IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.closes_at) THEN
                        RAISE EXCEPTION 'privacy: an approved opening is final';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="only_the_erased_are_opened",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT FROM privacy_subject
                        WHERE id = NEW.subject_id AND erased_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'privacy: only what is kept of the erased is opened so'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.approved_at IS NOT NULL THEN
                        RAISE EXCEPTION 'privacy: an opening begins with one officer';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.reference}"

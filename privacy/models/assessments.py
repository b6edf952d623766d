"""Impact assessments: what a processing does to people, weighed by one and approved by another."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class AssessedKind(models.TextChoices):
    """What the law wants weighed before it begins (cn.privacy.assessment_retention cites the article)."""

    SENSITIVE = "sensitive"
    AUTOMATED = "automated"
    ABROAD = "abroad"
    DISCLOSURE = "disclosure"
    PUBLICATION = "publication"


class AssessmentResult(models.TextChoices):
    GOES_ON = "goes_on"
    WITH_MEASURES = "with_measures"
    STOPPED = "stopped"


class Assessment(models.Model):
    """One version for one kind of processing; texts in English and Simplified Chinese. It names nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=AssessedKind)
    version = models.PositiveIntegerField()
    processing = models.JSONField()
    necessity = models.JSONField()
    risks = models.JSONField()
    measures = models.JSONField()
    result = models.CharField(max_length=20, choices=AssessmentResult)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    keep_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="privacy_assessments_count_up"),
            models.CheckConstraint(
                condition=Q(kind__in=AssessedKind.values), name="privacy_assessed_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(result__in=AssessmentResult.values), name="privacy_assessment_result_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True, expires_at__isnull=True)
                | (
                    ~Q(approved_by="")
                    & ~Q(approved_by=F("made_by"))
                    & Q(approved_at__isnull=False, expires_at__isnull=False, keep_until__isnull=False)
                ),
                name="privacy_two_people_stand_for_an_assessment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="an_assessment_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="an_approved_assessment_stays_as_it_is",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.approved_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"

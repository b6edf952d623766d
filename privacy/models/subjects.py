"""Subjects and their keys."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from kernel.ids import new_id


class Subject(models.Model):
    """Whom data belongs to: a person or a business. Accounts and guest links attach to it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    locale = models.CharField(max_length=10, default="zh-hans")
    # ISO 3166 country whose law protects the person.
    place = models.CharField(max_length=2, default="CN", db_default="CN")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(locale__in=["zh-hans", "zh-hant", "en"]), name="privacy_subject_locale_is_known"
            ),
            models.CheckConstraint(
                condition=Q(place__regex=r"^[A-Z]{2}$"), name="privacy_subject_place_is_a_country"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="erased_stays_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at"
                ),
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class SubjectKey(models.Model):
    """A subject's data key, wrapped by the master key; destroying it shreds the subject's data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="keys")
    version = models.PositiveSmallIntegerField()
    master_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    # Such tables go into a backup's key part, which is kept apart and shorter.
    key_material = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="privacy_one_key_per_version"),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="privacy_a_destroyed_key_is_gone",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="the_erased_get_no_new_key",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NEW.wrapped IS NOT NULL AND EXISTS (
                        SELECT FROM privacy_subject WHERE id = NEW.subject_id AND erased_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'privacy: the erased get no new key'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} v{self.version}"

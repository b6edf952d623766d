"""Subjects and their keys."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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


class KeyUse(models.TextChoices):
    """What a key is for: sealing, salting proofs, or what a rule keeps after erasure."""

    DATA = "data"
    SALT = "salt"
    KEPT = "kept"


_NOT_REBORN = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'privacy: a key is destroyed, its row stays';
END IF;
IF OLD.destroyed_at IS NOT NULL THEN
    RAISE EXCEPTION 'privacy: a destroyed key stays destroyed';
END IF;
IF (NEW.subject_id, NEW.version, NEW.use) IS DISTINCT FROM (OLD.subject_id, OLD.version, OLD.use) THEN
    RAISE EXCEPTION 'privacy: a key stays whose it is and what it is for';
END IF;
IF OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL THEN
    RAISE EXCEPTION 'privacy: a closed key stays closed';
END IF;
RETURN NEW;
"""


class SubjectKey(models.Model):
    """A key of a subject, wrapped by the master key; destroying it shreds what it sealed.

    Versions count over all uses. Nothing new may be sealed under a closed key; it still opens.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="keys")
    use = models.CharField(max_length=4, choices=KeyUse, default=KeyUse.DATA, db_default=KeyUse.DATA)
    version = models.PositiveSmallIntegerField()
    master_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    keep_rule_id = models.CharField(max_length=100, blank=True, default="", db_default="")
    destroy_after = models.DateTimeField(null=True)

    # Such tables go into a backup's key part, which is kept apart and shorter.
    key_material = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="privacy_one_key_per_version"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(use="salt"), name="privacy_one_salt_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
                name="privacy_a_destroyed_key_is_gone",
            ),
            models.CheckConstraint(condition=Q(use__in=KeyUse.values), name="privacy_key_use_is_known"),
            models.CheckConstraint(
                condition=Q(use="kept", destroy_after__isnull=False) & ~Q(keep_rule_id="")
                | ~Q(use="kept") & Q(destroy_after__isnull=True, keep_rule_id=""),
                name="privacy_a_kept_key_names_its_rule_and_end",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(use="data"), name="privacy_only_data_keys_close"
            ),
        ]
        indexes = [
            models.Index(
                fields=["destroy_after"],
                condition=Q(use="kept", destroyed_at__isnull=True),
                name="privacy_kept_keys_by_their_end",
            ),
            models.Index(
                fields=["master_version", "id"],
                condition=Q(wrapped__isnull=False),
                name="privacy_keys_by_master",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_key_is_not_reborn",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_NOT_REBORN,
            ),
            pgtrigger.Trigger(
                name="wrapped_under_a_living_master",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.wrapped IS NOT NULL
                        AND (TG_OP = 'INSERT' OR NEW.wrapped IS DISTINCT FROM OLD.wrapped) THEN
                        PERFORM privacy_check_master(NEW.master_version);
                    END IF;
                    RETURN NEW;
                """,
            ),
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
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} v{self.version}"


class KeyNotice(models.Model):
    """One number that grows whenever keys came or went: every process asks for it and drops its cache."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="privacy_there_is_one_key_notice")]

    def __str__(self) -> str:
        return str(self.number)

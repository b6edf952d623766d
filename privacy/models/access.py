"""The record of who looked, who searched, who took a file away, and when that was unusual."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class AccessRecord(models.Model):
    """A human looked at somebody's data: who, when, for what, which columns.

    `expected` is false when nothing in the reader's queue asked for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    merchant_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=80)
    fields = ArrayField(models.CharField(max_length=80))
    expected = models.BooleanField(default=True)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        indexes = [
            models.Index(fields=["subject_id", "at"], name="privacy_access_by_subject"),
            models.Index(fields=["at"], name="privacy_access_by_time"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.actor} {self.purpose}"


class LookUp(models.Model):
    """Staff searched for a person by an exact address, number or name: recorded also when nothing was found.

    `digest` is keyed: it shows that the same thing was searched twice and never what it was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=80)
    reference = models.CharField(max_length=40)
    by = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("search for a person")
        verbose_name_plural = _("searches for people")
        indexes = [models.Index(fields=["-at"], name="privacy_lookups_by_time")]
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="privacy_a_search_has_a_purpose"),
            models.CheckConstraint(condition=~Q(reference=""), name="privacy_a_search_names_its_case"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.actor} {self.purpose}"


class Export(models.Model):
    """A file with rows about people that somebody took away; its number stands in the file as watermark."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    actor = models.CharField(max_length=80)
    merchant_id = models.UUIDField(null=True)
    what = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("file taken away")
        verbose_name_plural = _("files taken away")
        indexes = [models.Index(fields=["-at"], name="privacy_exports_by_time")]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return self.number


class AlarmCause(models.TextChoices):
    MANY_PEOPLE = "many_people", _("many people in an hour")
    MANY_SEARCHES = "many_searches", _("many searches in an hour")
    OUTSIDE_QUEUE = "outside_queue", _("nothing in the queue asked for it")
    LARGE_EXPORT = "large_export", _("a large file taken away")
    UNANNOUNCED = "unannounced", _("opened without a stated purpose")


class AccessAlarm(models.Model):
    """Unusual looking, told once per actor, cause and day to officers and the people concerned."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    actor = models.CharField(max_length=80)
    cause = models.CharField(max_length=20, choices=AlarmCause)
    day = models.DateField()
    people = models.PositiveIntegerField()
    since = models.DateTimeField()
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("unusual look")
        verbose_name_plural = _("unusual looks")
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "cause", "day"], name="privacy_one_alarm_per_actor_cause_and_day"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=AlarmCause.values), name="privacy_an_alarm_has_a_known_cause"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.actor} {self.cause} {self.day}"

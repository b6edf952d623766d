"""What was said in public about disruptions of the platform."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from notifications.disruption_lifecycle import DISRUPTION, Component, Stage

LANGUAGES = ["zh-hans", "zh-hant", "en"]
_OVER = """
IF EXISTS (
    SELECT 1 FROM notifications_disruption d WHERE d.id = NEW.disruption_id AND d.ended_at IS NOT NULL
) THEN
    RAISE EXCEPTION 'a_disruption_that_is_over_says_no_more' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Disruption(models.Model):
    """Something doesn't work; `title` by language, `components` as codes, `ended_at` empty while it lasts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.JSONField()
    components = ArrayField(models.CharField(max_length=20))
    stage = models.CharField(max_length=20, default=Stage.INVESTIGATING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="disruptions_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="resolved", ended_at__isnull=False)
                | (Q(stage__in=sorted(set(DISRUPTION.values) - {"resolved"})) & Q(ended_at__isnull=True)),
                name="a_disruption_is_over_when_it_is_resolved",
            ),
            models.CheckConstraint(
                condition=Q(started_at__lte=F("entered_at"))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))),
                name="a_disruption_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(components__contained_by=[str(each) for each in Component])
                & Q(components__len__gt=0),
                name="a_disruption_concerns_something_known",
            ),
            models.CheckConstraint(
                condition=Q(title__has_keys=LANGUAGES), name="a_disruption_is_titled_in_three_languages"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="a_disruption_stays_on_record", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_disruption_that_is_over_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.ended_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title.get("zh-hans", self.pk))


class DisruptionUpdate(models.Model):
    """What was said about it at `at`, by language; never changed, never removed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    disruption = models.ForeignKey(Disruption, on_delete=models.PROTECT, related_name="updates")
    stage = models.CharField(max_length=20)
    words = models.JSONField()
    at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)

    append_only = True

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=DISRUPTION.values), name="an_update_of_a_disruption_has_a_stage"
            ),
            models.CheckConstraint(
                condition=Q(words__has_keys=LANGUAGES), name="an_update_is_said_in_three_languages"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_disruption_that_is_over_says_no_more",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OVER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.at}"

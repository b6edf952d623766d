"""Incidents with people's data: what happened, whom it concerns, what was decided, until when."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from privacy.models.subjects import Subject
from privacy.queries import BreachQuerySet
from privacy.states import BREACH, Audience

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
_DECIDED = ["decided", "notified", "closed"]


class Breach(models.Model):
    """One incident. Its words name nobody; a drill does everything except writing to people."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    drill = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open")
    what = models.TextField(max_length=4000)
    how_noticed = models.TextField(max_length=2000)
    # A product flaw that endangers the public has a clock of its own.
    endangers_public = models.BooleanField(default=False)
    happened_from = models.DateTimeField()
    happened_to = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    columns = ArrayField(models.CharField(max_length=120), default=list)
    query = models.JSONField(default=dict)
    persons = models.PositiveIntegerField(default=0)
    tell_authority = models.BooleanField(default=False)
    tell_persons = models.BooleanField(default=False)
    reasons = models.TextField(max_length=4000, blank=True)
    measures = models.TextField(max_length=4000, blank=True)
    # What people are told, in each of the three languages.
    words = models.JSONField(default=dict)
    proposed_by = models.CharField(max_length=80, blank=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    keep_until = models.DateTimeField(null=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("data incident")
        verbose_name_plural = _("data incidents")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BREACH.values), name="privacy_breach_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED)
                | (~Q(proposed_by="") & ~Q(confirmed_by="") & ~Q(reasons="") & Q(decided_at__isnull=False)),
                name="privacy_a_breach_is_decided_with_reasons",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("proposed_by")),
                name="privacy_two_people_decide_on_a_breach",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED)
                | Q(tell_persons=False)
                | Q(words__has_keys=["zh-hans", "zh-hant", "en"]),
                name="privacy_people_are_told_in_their_language",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, keep_until__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="privacy_a_closed_breach_says_when",
            ),
            models.CheckConstraint(
                condition=Q(noticed_at__lte=F("opened_at")), name="privacy_a_breach_is_noticed_before_opened"
            ),
        ]
        triggers = [pgtrigger.Protect(name="an_incident_is_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number


class BreachPerson(models.Model):
    """Somebody whom an incident concerns: an id, the law's place, whether somebody else reads for them."""

    id = models.BigAutoField(primary_key=True)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="concerned")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=2)
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("person concerned by an incident")
        verbose_name_plural = _("people concerned by an incident")
        constraints = [
            models.UniqueConstraint(fields=["breach", "subject"], name="privacy_a_breach_names_a_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.breach_id} {self.subject_id}"


class BreachClock(models.Model):
    """What one law asks of an incident and until when; its deadline refers to this row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="clocks")
    place = models.CharField(max_length=2)
    audience = models.CharField(max_length=10)
    rule_id = models.CharField(max_length=100)
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clock of an incident")
        verbose_name_plural = _("clocks of an incident")
        constraints = [
            models.UniqueConstraint(
                fields=["breach", "place", "audience", "rule_id"], name="privacy_a_breach_has_a_clock_once"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[str(one) for one in Audience]),
                name="privacy_breach_audience_is_known",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(dropped_at__isnull=True),
                name="privacy_a_breach_clock_ends_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.audience}"


class BreachMove(models.Model):
    """What happened to an incident, when and by whom."""

    id = models.BigAutoField(primary_key=True)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("step of an incident")
        verbose_name_plural = _("steps of an incident")
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.name} {self.breach_id}"

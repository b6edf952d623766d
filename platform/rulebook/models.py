"""Law packs, calendars, policies and platform rules by version; nothing here is ever changed or deleted."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from rulebook.questions import ProposalQuerySet

NEVER_CHANGED = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class PackVersion(models.Model):
    """One version of a place's law, as loaded. `content` is the file as plain JSON."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.CharField(max_length=8)
    version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    content = models.JSONField()
    in_force_from = models.DateField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    append_only = True

    class Meta:
        verbose_name = _("law pack")
        verbose_name_plural = _("law packs")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "version"], name="rulebook_a_pack_version_is_loaded_once"
            ),
        ]
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return self.version


class CalendarVersion(models.Model):
    """One version of a place's rest days and make-up working days, with the years that are announced."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.CharField(max_length=8)
    version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    content = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    append_only = True

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "version"], name="rulebook_a_calendar_version_is_loaded_once"
            ),
        ]
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return self.version


class Policy(models.Model):
    """A number or table that law leaves to the platform, in force from an instant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    value = models.JSONField()
    in_force_from = models.DateTimeField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    append_only = True

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"], name="rulebook_a_policy_version_is_loaded_once"
            ),
        ]
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class RuleText(models.Model):
    """A platform rule in words: `texts` holds sentence and body in every language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    texts = models.JSONField()
    in_force_from = models.DateTimeField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    append_only = True

    class Meta:
        verbose_name = _("platform rule")
        verbose_name_plural = _("platform rules")
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "version"], name="rulebook_a_text_version_is_loaded_once"
            ),
        ]
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"


class Proposal(models.Model):
    """A pack or calendar that one person has brought and a second one must accept."""

    class Kind(models.TextChoices):
        PACK = "pack", _("law pack")
        CALENDAR = "calendar", _("calendar")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second person")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused by the second person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    place = models.CharField(max_length=8)
    version = models.CharField(max_length=40)
    file_name = models.CharField(max_length=120)
    text = models.TextField()
    proposed_by = models.CharField(_("brought by"), max_length=100)
    proposed_at = models.DateTimeField(_("brought at"))
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("new law")
        verbose_name_plural = _("new law, by two people")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")),
                name="rulebook_two_people_change_the_law",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | models.Q(state__in=["accepted", "refused"], decided_at__isnull=False),
                name="rulebook_a_decided_proposal_says_when",
            ),
            models.UniqueConstraint(
                fields=["kind", "version"],
                condition=models.Q(state="waiting"),
                name="rulebook_a_version_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return self.version


class RuleComment(models.Model):
    """What somebody said about a platform rule before it came into force. Kept for three years."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.ForeignKey(RuleText, on_delete=models.PROTECT, related_name="comments")
    body = models.TextField(max_length=2000)
    actor = models.CharField(max_length=100)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("comment on a rule")
        verbose_name_plural = _("comments on rules")
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.text_id} {self.at:%Y-%m-%d}"

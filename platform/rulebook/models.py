"""Law packs, calendars, policies and platform rules by version; nothing here is ever changed or deleted."""

from __future__ import annotations

import pgtrigger
from django.db import models

from kernel.ids import new_id

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
        verbose_name_plural = "policies"
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
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "version"], name="rulebook_a_text_version_is_loaded_once"
            ),
        ]
        triggers = [NEVER_CHANGED]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"

"""Who was erased, and when this database last came out of a backup."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class Tombstone(models.Model):
    """A subject that was erased. Its twin stands in the journal outside the database, for restores."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # No foreign key: after a restore the subject may be younger than everything in the database.
    subject_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.subject_id)


class Restoration(models.Model):
    """The database was restored: until `replayed_at` nothing is served, until `books_at` nothing is paid out.

    Copies of letters written up to `letters_until` stay here until staff decide at `letters_at`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    backup_id = models.CharField(max_length=40, blank=True)
    taken_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField()
    keys_missing = models.BooleanField(default=False)
    leaves_lost = models.PositiveIntegerField(default=0)
    replayed_at = models.DateTimeField(null=True)
    tombstones = models.PositiveIntegerField(default=0)
    letters_until = models.DateTimeField(null=True)
    letters_at = models.DateTimeField(null=True)
    letters_sent = models.BooleanField(default=False)
    books_at = models.DateTimeField(null=True)
    books_compared_with = models.CharField(max_length=200, blank=True)
    books_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("restoration")
        verbose_name_plural = _("restorations")
        constraints = [
            models.CheckConstraint(
                condition=Q(books_at__isnull=True)
                | Q(replayed_at__isnull=False) & ~Q(books_compared_with="") & ~Q(books_by=""),
                name="privacy_books_are_opened_after_the_replay",
            ),
            models.CheckConstraint(
                condition=Q(letters_at__isnull=True)
                | Q(letters_until__isnull=False, replayed_at__isnull=False),
                name="privacy_letters_go_after_the_replay",
            ),
            models.UniqueConstraint(
                fields=["backup_id"],
                condition=Q(replayed_at__isnull=True),
                name="privacy_a_backup_awaits_one_replay",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.backup_id} {self.restored_at:%Y-%m-%d %H:%M}"

"""When each rule of the money was last worked out again, and what was found."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class BookCheck(models.Model):
    """One rule, counted once: how many rows broke it. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run_id = models.UUIDField(db_index=True)
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=160)
    offences = models.PositiveIntegerField()
    checked_at = models.DateTimeField(db_index=True)

    append_only = True

    class Meta:
        app_label = "payments"
        verbose_name = _("check of the books")
        verbose_name_plural = _("checks of the books")
        constraints = [
            models.UniqueConstraint(fields=["run_id", "position"], name="a check counts a rule once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.rule

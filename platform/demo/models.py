"""How far the demonstration has come, so that it can be taken up again after anything."""

from __future__ import annotations

from django.db import models


class Mark(models.Model):
    """A day that is done, or what a name of the script stands for ("order:p12/qingchuan-tea")."""

    key = models.CharField(max_length=120, primary_key=True)
    reference = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key

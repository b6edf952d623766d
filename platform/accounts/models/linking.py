"""Guests that turned out to be the account's person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from privacy.models import Subject


class LinkedSubject(models.Model):
    """What `guest` bought belongs to the person of `owner`; each keeps its own key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    guest = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(owner=F("guest")), name="nobody_is_linked_to_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.guest_id} of {self.owner_id}"

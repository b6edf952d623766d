"""Leaves: commitments to facts, in the order in which they were queued."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from kernel.ids import new_id

models.BinaryField.register_lookup(Length, "bytes")


class Leaf(models.Model):
    """A label, an id and a 32-byte commitment; never a payload, never personal data."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.CharField(max_length=100)
    reference = models.UUIDField()
    commitment = models.BinaryField(max_length=32)
    queued_at = models.DateTimeField()

    append_only = True

    class Meta:
        indexes = [models.Index(fields=["reference", "id"], name="evidence_leaf_reference")]
        constraints = [
            models.CheckConstraint(
                condition=Q(commitment__bytes=32), name="evidence_a_commitment_has_32_bytes"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.reference}"

"""That a message of the sign-in pages was ours: its number and its kind, and nobody's name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kernel.ids import new_id


class SentMessage(models.Model):
    """A code or a warning that left by mail or text; what it said and to whom is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    check_number = models.CharField(max_length=12, unique=True)
    # The name of its template, e.g. "account/email/login_code".
    kind = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(check_number__regex=r"^[0-9]{12}$"), name="a_sent_message_has_a_check_number"
            ),
        ]

    def __str__(self) -> str:
        return self.kind

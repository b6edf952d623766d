"""Secrets of second factors, sealed under the person's own key; allauth's tables hold only their ids."""

from __future__ import annotations

from django.db import models

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models import Subject


class SealedSecret(models.Model):
    """The seed of an authenticator app or of recovery codes, or the name somebody gave a passkey."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(subject="subject_id")

    def __str__(self) -> str:
        return f"secret {self.pk}"

"""What was changed about the safety of an account, and when it was frozen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.live_keys import history
from privacy.models import Subject


class Changed(models.TextChoices):
    EMAIL = "email"
    PHONE = "phone"
    PASSWORD = "password"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FROZEN = "frozen"
    RECOVERY_ASKED = "recovery_asked"
    UNDONE = "undone"
    RECOVERED = "recovered"


class AccountChange(models.Model):
    """One step about the safety of an account. `before` is what it replaced; `reference` the thing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Changed.choices)
    before = EncryptedTextField(subject="subject_id", null=True)
    reference = models.CharField(max_length=40, blank=True, default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "at"], name="changes_of_an_account")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=Changed.values), name="a_change_of_an_account_has_a_known_kind"
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(kind="undone"), name="a_change_is_undone_once"
            ),
        ]
        triggers: ClassVar = [
            history("append_only", "before"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class FormerContact(models.Model):
    """The pseudonym of a contact that was replaced: whoever holds it can still get the account back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    change = models.OneToOneField(AccountChange, on_delete=models.PROTECT, related_name="+")
    pseudonym = models.CharField(max_length=80, db_index=True)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"former contact of {self.subject_id}"


class FreezeState(models.TextChoices):
    FROZEN = "frozen"
    WAITING = "waiting"
    ENDED = "ended"


class AccountFreeze(models.Model):
    """Nobody signs in and nothing that matters is done for the account until its owner has it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=FreezeState.choices, default=FreezeState.FROZEN)
    frozen_by = models.CharField(max_length=80)
    frozen_at = models.DateTimeField()
    recovery_due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=FreezeState.values), name="a_freeze_has_a_known_state"
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=~Q(state="ended"), name="an_account_is_frozen_once"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="an_ended_freeze_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(recovery_due_at__isnull=False),
                name="a_recovery_has_its_waiting_time",
            ),
        ]

    def __str__(self) -> str:
        return f"freeze {self.state}"

    @property
    def short(self) -> str:
        """The end of the subject's id: enough to tell two rows apart."""
        return str(self.subject_id)[-8:]

"""Whom to write to, what was written, and how each copy left the house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from notifications.disruption_models import Disruption as Disruption
from notifications.disruption_models import DisruptionUpdate as DisruptionUpdate
from notifications.queries import CopyQuerySet, LetterQuerySet
from privacy.fields import EncryptedTextField
from privacy.models import Subject


class Addressee(models.Model):
    """Where a subject gets letters: the only place that holds the true address, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="+")
    locale = models.CharField(max_length=10, default="zh-hans")
    email = EncryptedTextField(subject="subject_id")
    phone = EncryptedTextField(subject="subject_id")
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addressee of {self.subject_id}"


class Mute(models.Model):
    """A reader wants one kind of letter in the inbox only, not by e-mail."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind"], name="a_kind_is_muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} muted"


class Letter(models.Model):
    """A letter as a fact: its words are made from `kind` and `params` whenever it is read or sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    reference = models.UUIDField()
    params = models.JSONField(default=dict)
    locale = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # By which anybody can ask whether a letter is ours; letters from before there were numbers have none.
    check_number = models.CharField(max_length=12, blank=True, default="")

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-created_at", "-id"], name="letters_of_a_subject"),
            models.Index(fields=["reference"], name="letters_about_a_thing"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["check_number"], condition=~Q(check_number=""), name="a_check_number_is_one_letters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Delivery(models.Model):
    """One copy of a letter on one channel."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # The kind of failure only: a provider's message may repeat the address.
    failure = models.CharField(max_length=80, blank=True)

    objects = CopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "channel"], name="a_letter_leaves_once_on_each_channel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]), name="a_delivery_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", next_attempt_at__isnull=False)
                | (~Q(state="queued") & Q(next_attempt_at__isnull=True)),
                name="only_a_queued_delivery_has_a_next_attempt",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="a_sent_delivery_says_when"
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="deliveries_waiting", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"

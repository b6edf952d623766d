"""An application with its tasks, what registers said about it, and where the money shall go."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.application_tasks import Task, TaskState
from merchants.models.shops import Merchant
from merchants.payout_channels import PayoutChannel
from merchants.queries import ApplicationQuerySet
from privacy import live_keys
from privacy.fields import EncryptedTextField


class Application(models.Model):
    """What somebody hands in before a shop may sell; the shop's own state says how far it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="application")
    applicant_id = models.UUIDField(db_index=True)
    started_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Nobody has decided in time: the senior's queue and the public figures know.
    overdue_at = models.DateTimeField(null=True, blank=True)
    # What the applicant agreed to leave as a deposit; moved by payments.
    deposit_minor = models.PositiveBigIntegerField(default=0)
    deposit_currency = models.CharField(max_length=3, default="CNY")
    # The shop or brand that its name could be taken for, and why staff let it pass all the same.
    name_like = models.CharField(max_length=60, blank=True, default="", db_default="")
    name_cleared = models.CharField(max_length=500, blank=True, default="", db_default="")

    objects = ApplicationQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_decided_was_handed_in",
                condition=Q(decided_at__isnull=True) | Q(handed_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="application_name_cleared_was_like_another",
                condition=Q(name_cleared="") | ~Q(name_like=""),
            ),
        ]
        indexes = [
            models.Index(
                name="applications_to_decide",
                fields=["handed_in_at"],
                condition=Q(handed_in_at__isnull=False, decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ApplicationTask(models.Model):
    """One task: what was typed, sealed, whether it is whole, and why it was sent back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="tasks")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="todo")
    answers = EncryptedTextField(subject="subject_id", null=True)
    reason = models.TextField(max_length=2000, blank=True, default="")
    saved_at = models.DateTimeField(null=True, blank=True)

    tenant = "application"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="application_has_each_task_once", fields=["application", "name"]),
            models.CheckConstraint(
                name="application_task_is_known", condition=Q(name__in=[str(task) for task in Task])
            ),
            models.CheckConstraint(
                name="application_task_state_is_known",
                condition=Q(state__in=[str(state) for state in TaskState]),
            ),
            models.CheckConstraint(
                name="application_task_sent_back_says_why",
                condition=~Q(state="sent_back") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class Check(models.Model):
    """One question to a register and its answer; of the number only the end is kept."""

    class Result(models.TextChoices):
        MATCHED = "matched"
        NOT_MATCHED = "not_matched"
        UNKNOWN = "unknown"
        ENDED = "ended"
        UNAVAILABLE = "unavailable"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="checks")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, blank=True, default="")
    masked = EncryptedTextField(subject="subject_id")
    verifier = models.CharField(max_length=40)
    result = models.CharField(max_length=12, choices=Result)
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [live_keys.history("merchant_check_is_append_only", "masked")]
        constraints = [
            models.CheckConstraint(
                name="merchant_check_result_is_known",
                condition=Q(result__in=["matched", "not_matched", "unknown", "ended", "unavailable"]),
            ),
        ]
        indexes = [models.Index(name="merchant_checks_by_time", fields=["merchant", "-at"])]

    def __str__(self) -> str:
        return f"{self.what}: {self.result}"


class PayoutAccount(models.Model):
    """Where a shop's money goes; sealed, one at a time, in the shop's own name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="payout_accounts")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    holder = EncryptedTextField(subject="subject_id")
    number = EncryptedTextField(subject="subject_id")
    bank = models.CharField(max_length=80)
    # How it is reached: a bank account, or an account at a payment provider.
    channel = models.CharField(max_length=12, default=PayoutChannel.BANK, db_default=PayoutChannel.BANK)
    since = models.DateTimeField()
    # Nothing is paid there before: a change may be a thief's.
    usable_from = models.DateTimeField()
    # Since when a bank, or staff by hand, say that it is the shop's own.
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merchant_has_one_payout_account",
                fields=["merchant"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="merchant_payout_channel_is_known",
                condition=Q(channel__in=[str(one) for one in PayoutChannel]),
            ),
            models.CheckConstraint(
                name="merchant_payout_account_is_used_after_its_start",
                condition=Q(usable_from__gte=F("since")),
            ),
            models.CheckConstraint(
                name="merchant_payout_account_says_who_confirmed_it",
                condition=Q(verified_at__isnull=True, verified_by="")
                | (Q(verified_at__isnull=False) & ~Q(verified_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.bank

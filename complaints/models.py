"""Complaints with their history, what was said, what was shown, what was offered and what was decided."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ListingRevision
from complaints.grounds import Category, Wish
from complaints.offer_models import Offer
from complaints.queries import ComplaintQuerySet
from complaints.remedy_kinds import DONE_BY_SHOP
from complaints.states import COMPLAINT, ENDED, RUNNING, ComplaintState
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from orders.models import Order, OrderLine
from privacy import live_keys
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile

# Kept in their own file, known here to whoever asks for the models of the app.
__all__ = [
    "Complaint",
    "ComplaintDraft",
    "ComplaintMove",
    "Decision",
    "Exhibit",
    "Offer",
    "Outcome",
    "Statement",
]

_ENDED = sorted(str(each) for each in ENDED)
_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Complaint(models.Model):
    """One case between one buyer and one merchant over one order, or one line of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    revision = models.ForeignKey(ListingRevision, on_delete=models.PROTECT, related_name="+", null=True)
    # The frozen field of the listing that the buyer says is wrong.
    field = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.UUIDField()
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default=ComplaintState.OPEN)
    category = models.CharField(max_length=30)
    wish = models.CharField(max_length=30)
    currency = models.CharField(max_length=3, default="CNY")
    claimed_minor = models.BigIntegerField()
    granted_minor = models.BigIntegerField(default=0)
    rule_ids = ArrayField(models.CharField(max_length=100), default=list)
    pack_version = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    unanswered = models.BooleanField(default=False)
    with_senior = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    # Agreed or decided while a dispute held the order's money: carried out when that has ended.
    remedy_waits = models.BooleanField(default=False, db_default=False)

    # What stands on the table, and what was agreed once the case has ended with it.
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", null=True)
    # What the shop has undertaken to do; empty for money.
    remedy = models.CharField(max_length=12, blank=True, default="", db_default="")

    objects = ComplaintQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("Complaint")
        verbose_name_plural = _("Complaints")
        indexes = [
            models.Index(fields=["subject_id", "-opened_at"], name="complaints_by_buyer"),
            models.Index(fields=["merchant", "state", "-opened_at"], name="complaints_by_merchant"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=COMPLAINT.values), name="complaints_state_is_known"),
            models.CheckConstraint(
                condition=Q(category__in=[str(one) for one in Category]), name="complaints_category_is_known"
            ),
            models.CheckConstraint(
                condition=Q(wish__in=[str(one) for one in Wish]), name="complaints_wish_is_known"
            ),
            models.CheckConstraint(
                condition=Q(claimed_minor__gte=0), name="complaints_claim_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(granted_minor__gte=0, granted_minor__lte=F("claimed_minor")),
                name="complaints_no_more_is_granted_than_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, closed_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_at__isnull=True)),
                name="complaints_ended_ones_say_when",
            ),
            models.CheckConstraint(
                condition=Q(remedy_waits=False) | Q(state__in=["agreed", "decided"], granted_minor__gt=0),
                name="complaints_only_what_was_granted_waits",
            ),
            models.CheckConstraint(
                condition=Q(remedy__in=["", *sorted(str(each) for each in DONE_BY_SHOP)])
                & (~Q(state__in=["performing", "performed"]) | ~Q(remedy="")),
                name="complaints_what_is_performed_is_named",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(line__isnull=True) & ~Q(state__in=_ENDED),
                name="complaints_one_unended_per_order",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=~Q(state__in=_ENDED), name="complaints_one_unended_per_line"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def claimed(self) -> Money:
        return Money(self.claimed_minor, self.currency)

    @property
    def granted(self) -> Money:
        return Money(self.granted_minor, self.currency)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING


class ComplaintDraft(models.Model):
    """What a buyer has filled in so far; kept at each step, gone once the complaint is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    story = EncryptedTextField()
    file_ids = ArrayField(models.UUIDField(), default=list)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "subject_id"], name="complaints_one_draft_per_order")
        ]

    def __str__(self) -> str:
        return str(self.order_id)


class ComplaintMove(models.Model):
    """What happened to a complaint, when and by whom."""

    id = models.BigAutoField(primary_key=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "complaint"

    class Meta:
        indexes = [models.Index(fields=["complaint", "id"], name="complaint_moves_in_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.name} {self.complaint_id}"


class Statement(models.Model):
    """Something said in a case, sealed under its author's key; both sides and the reviewer read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="statements")
    seat = models.CharField(max_length=10)
    author_subject_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    text = EncryptedTextField(subject="author_subject_id")
    at = models.DateTimeField()

    append_only = True
    tenant = "complaint"

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_statements_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seat__in=["buyer", "merchant", "platform"]), name="complaint_statement_has_a_seat"
            )
        ]
        triggers = [live_keys.history("append_only", "text")]

    def __str__(self) -> str:
        return f"{self.seat} {self.complaint_id}"


class Exhibit(models.Model):
    """A file shown in a case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="exhibits")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=10)
    at = models.DateTimeField()

    append_only = True
    tenant = "complaint"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seat__in=["buyer", "merchant", "platform"]), name="complaint_exhibit_has_a_seat"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.seat} {self.file_id}"


class Outcome(models.TextChoices):
    UPHELD = "upheld"
    PARTLY = "partly"
    REFUSED = "refused"


class Decision(models.Model):
    """The platform's ruling: what it found, why, by which rules, and what the buyer gets."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="decision")
    subject_id = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    amount_minor = models.BigIntegerField()
    facts = EncryptedTextField()
    reasons = EncryptedTextField()
    rule_ids = ArrayField(models.CharField(max_length=100))
    decided_by = models.UUIDField()
    at = models.DateTimeField()

    append_only = True
    tenant = "complaint"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="complaint_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused", amount_minor=0)
                | (~Q(outcome="refused") & Q(amount_minor__gte=0)),
                name="complaint_a_refusal_pays_nothing",
            ),
            models.CheckConstraint(
                condition=Q(rule_ids__len__gt=0), name="complaint_a_decision_names_a_rule"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("subject_id")), name="complaint_nobody_decides_their_own_case"
            ),
        ]
        triggers = [live_keys.history("append_only", "facts", "reasons")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.complaint_id}"

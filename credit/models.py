"""Entries, gradings and reviews: all of them only ever added to."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from credit.queries import ASPECTS, EntryQuerySet, GradingQuerySet, ReviewQuerySet
from kernel.ids import new_id
from merchants.models import GRADES, Merchant
from orders.models import Order, OrderLine
from privacy import live_keys
from privacy.fields import EncryptedTextField

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Review(models.Model):
    """What the buyer of one order line says about it; nobody changes or removes it.

    The text is sealed under the buyer's key and shown to everybody while that key lives.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    goods = models.PositiveSmallIntegerField()
    description = models.PositiveSmallIntegerField()
    delivery = models.PositiveSmallIntegerField()
    aftersales = models.PositiveSmallIntegerField()
    nickname = EncryptedTextField()
    text = EncryptedTextField()
    at = models.DateTimeField()

    objects = ReviewQuerySet.as_manager()
    append_only = True
    tenant = "merchant"

    class Meta:
        verbose_name, verbose_name_plural = _("review"), _("reviews")
        triggers = [live_keys.history("a_review_stays_as_written", "nickname", "text")]
        indexes = [
            models.Index(fields=["listing", "-at", "-id"], name="reviews_of_a_listing"),
            models.Index(fields=["merchant", "-at", "-id"], name="reviews_of_a_merchant"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 1 for name in ASPECTS})
                & Q(**{f"{name}__lte": 5 for name in ASPECTS}),
                name="review_scores_are_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ReviewNote(models.Model):
    """What is added to a review: the buyer's follow-up or the shop's reply, each once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="notes")
    seat = models.CharField(max_length=10)
    author_subject_id = models.UUIDField()
    text = EncryptedTextField(subject="author_subject_id")
    at = models.DateTimeField()

    append_only = True
    tenant = "review"

    class Meta:
        verbose_name, verbose_name_plural = _("review note"), _("review notes")
        triggers = [live_keys.history("a_note_stays_as_written", "text")]
        constraints = [
            models.UniqueConstraint(fields=["review", "seat"], name="review_each_side_adds_once"),
            models.CheckConstraint(
                condition=Q(seat__in=["buyer", "merchant"]), name="review_note_has_a_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.review_id}"


class Entry(models.Model):
    """One fact about a shop's conduct, as the standard of its day judged it; a weight of 0 is on record only.

    `permille` is how well it went, `reference` the case it comes from: order, return, complaint, review
    or listing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    reference = models.UUIDField()
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+", null=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+", null=True)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+", null=True)
    component = models.CharField(max_length=20)
    permille = models.PositiveSmallIntegerField()
    weight = models.PositiveIntegerField()
    standard = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    objects = EntryQuerySet.as_manager()
    append_only = True
    tenant = "merchant"

    class Meta:
        verbose_name, verbose_name_plural = _("credit entry"), _("credit entries")
        triggers = [pgtrigger.Protect(name="an_entry_stays", operation=_APPEND_ONLY)]
        indexes = [models.Index(fields=["merchant", "-at", "-id"], name="entries_of_a_merchant")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="credit_a_fact_is_entered_once"),
            models.CheckConstraint(condition=Q(permille__lte=1000), name="credit_no_fact_is_above_full"),
            models.CheckConstraint(
                condition=Q(at__lte=F("recorded_at")), name="credit_a_fact_happens_before_its_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Grading(models.Model):
    """What a shop's entries added up to when its score or grade last changed; its history."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=1)
    score_permille = models.PositiveSmallIntegerField(null=True)
    orders = models.PositiveIntegerField()
    parts = models.JSONField()
    standard = models.PositiveSmallIntegerField()
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects = GradingQuerySet.as_manager()
    append_only = True
    tenant = "merchant"

    class Meta:
        verbose_name, verbose_name_plural = _("grading"), _("gradings")
        triggers = [pgtrigger.Protect(name="a_grading_stays", operation=_APPEND_ONLY)]
        indexes = [models.Index(fields=["merchant", "-at", "-id"], name="gradings_of_a_merchant")]
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=GRADES), name="credit_grade_is_known"),
            models.CheckConstraint(
                condition=Q(grade="N", score_permille__isnull=True)
                | (~Q(grade="N") & Q(score_permille__isnull=False, score_permille__lte=1000)),
                name="credit_only_n_has_no_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.merchant_id}"


class Waiting(models.Model):
    """A shop with new entries since its score was last reckoned; the row goes when it is."""

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="+", primary_key=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("shop to reckon"), _("shops to reckon")

    def __str__(self) -> str:
        return str(self.merchant_id)

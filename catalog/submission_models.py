"""What was handed in for publication, what the machine found in it, and what people decided."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from catalog.screening.finding import Finding, from_data
from catalog.submission_lifecycle import OPEN, SUBMISSION, SubmissionState
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.models import history

# What a decision may change; the offer that was handed in stays as it was.
_DECIDED = ["state", "weight", "with_senior", "decided_at"]


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def locked(self, pk: Any) -> Submission:
        """:raises NotFound: when there is none"""
        row = self.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def open(self) -> SubmissionQuerySet:
        return self.filter(state__in=[str(state) for state in OPEN])

    def queue(self) -> SubmissionQuerySet:
        """What staff read next: the riskiest first, then the oldest."""
        return self.open().order_by("-with_senior", "-weight", "submitted_at", "id")

    def of_listing(self, listing_id: Any) -> SubmissionQuerySet:
        return self.filter(listing_id=listing_id).order_by("-submitted_at", "-id")


class Submission(models.Model):
    """One offer as it was handed in; only its state moves on, the history says how."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="submissions")
    draft = models.JSONField()
    content_hash = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    risks = models.JSONField(default=list)
    weight = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, default=str(SubmissionState.SCREENED))
    with_senior = models.BooleanField(default=False)
    submitted_by = models.CharField(max_length=80)
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    tenant = "listing"

    class Meta:
        triggers = [
            pgtrigger.Protect(name="submission_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="submission_is_kept_as_handed_in", exclude=_DECIDED),
        ]
        constraints = [
            models.CheckConstraint(
                name="submission_state_is_known", condition=Q(state__in=SUBMISSION.values)
            ),
            models.CheckConstraint(
                name="submission_decided_says_when",
                condition=Q(state__in=[str(SubmissionState.SCREENED), *map(str, OPEN)])
                | Q(decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="submission_one_open_per_listing",
                fields=["listing"],
                condition=Q(state__in=[str(state) for state in OPEN]),
            ),
        ]
        indexes = [
            models.Index(
                name="submission_queue",
                fields=["-with_senior", "-weight", "submitted_at"],
                condition=Q(state__in=[str(state) for state in OPEN]),
            ),
            models.Index(name="submission_by_listing", fields=["listing", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        title = (self.draft.get("title") or {}) if isinstance(self.draft, dict) else {}
        return str(title.get("zh-hans") or next(iter(title.values()), "") or self.pk)

    @property
    def found(self) -> list[Finding]:
        """The machine's findings, typed."""
        return [from_data(each) for each in self.findings]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class SubmissionMove(models.Model):
    """One step of a submission: by whom, why, under which rule, about which words of which field."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(max_length=2000, blank=True, default="")
    rule_id = models.CharField(max_length=80, blank=True, default="")
    field = models.CharField(max_length=40, blank=True, default="")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "submission"

    class Meta:
        triggers = [history("submission_move_is_append_only")]
        constraints = [
            models.CheckConstraint(
                name="submission_refusal_has_reason_and_rule",
                condition=~Q(name__in=["refuse", "ask"]) | (~Q(reason="") & ~Q(rule_id="")),
            ),
            models.CheckConstraint(
                name="submission_contest_has_words",
                condition=~Q(name__in=["contest", "confirm"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="submission_span_is_whole",
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, end__gt=models.F("start")),
            ),
            models.UniqueConstraint(
                name="submission_contested_once", fields=["submission"], condition=Q(name="contest")
            ),
        ]
        indexes = [models.Index(name="submission_move_by_time", fields=["submission", "at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"

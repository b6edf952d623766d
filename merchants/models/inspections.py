"""Supervision: a month's plan with its reasons, what an inspection found, what became of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.inspection_lifecycle import INSPECTION
from merchants.models.penalties import Penalty
from merchants.models.shops import Merchant, history
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile

_LATER = (
    "'state', 'scope', 'inspected_at', 'inspected_by', 'answer', 'answered_at', 'with_senior', 'closed_at',"
    " 'closed_by', 'outcome', 'penalty_id'"
)
_WENT = " OR ".join(
    f"(OLD.state = '{source}' AND NEW.state = '{target}')" for _move, source, target in INSPECTION.as_rows()
)
# Why it was planned never changes; what happened is added once; the state only goes the lifecycle's way.
_ONLY_GOES_ON = f"""
IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'append only: an inspection is never removed'; END IF;
IF to_jsonb(OLD) - ARRAY[{_LATER}] <> to_jsonb(NEW) - ARRAY[{_LATER}]
    OR (OLD.inspected_at IS NOT NULL
        AND (OLD.inspected_at, OLD.inspected_by, OLD.scope)
            IS DISTINCT FROM (NEW.inspected_at, NEW.inspected_by, NEW.scope))
    OR (OLD.closed_at IS NOT NULL
        AND (OLD.closed_at, OLD.closed_by, OLD.outcome, OLD.penalty_id)
            IS DISTINCT FROM (NEW.closed_at, NEW.closed_by, NEW.outcome, NEW.penalty_id))
    OR (OLD.with_senior AND NOT NEW.with_senior)
    OR (OLD.answer IS NOT NULL AND OLD.answer IS DISTINCT FROM NEW.answer
        AND NOT privacy_is_resealing(OLD.answer, NEW.answer)) THEN
    RAISE EXCEPTION 'append only: what an inspection says stays' USING ERRCODE = 'check_violation';
END IF;
IF OLD.state <> NEW.state AND NOT ({_WENT}) THEN
    RAISE EXCEPTION 'an inspection only goes on' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_NO_PARTY = """
IF EXISTS (
    SELECT 1 FROM merchants_membership m
    WHERE m.merchant_id = NEW.merchant_id AND m.ended_at IS NULL
        AND m.subject_id IN (NEW.inspected_by, NEW.closed_by)
) THEN
    RAISE EXCEPTION 'staff inspect no shop of their own' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# The verdict on a finding is given once; everything else of it stays.
_JUDGED_ONCE = """
IF TG_OP = 'DELETE' OR OLD.rectified IS NOT NULL
    OR to_jsonb(OLD) - ARRAY['rectified'] <> to_jsonb(NEW) - ARRAY['rectified'] THEN
    RAISE EXCEPTION 'append only: what was found stays' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class InspectionPlan(models.Model):
    """Which shops are looked at in a month: drawn once, under which policy, out of how many."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField(unique=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    policy = models.CharField(max_length=60)
    shops = models.PositiveIntegerField()
    chosen = models.PositiveIntegerField()

    append_only = True

    class Meta:
        triggers = [history("inspection_plan_is_append_only")]
        constraints = [
            models.CheckConstraint(name="inspection_plan_begins_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="inspection_plan_chooses_of_all", condition=Q(chosen__lte=F("shops"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Inspection(models.Model):
    """One shop in one month's plan; `reasons` add up to `score`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(InspectionPlan, on_delete=models.PROTECT, related_name="inspections")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    reasons = models.JSONField()
    score = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="planned")
    planned_at = models.DateTimeField()
    scope = models.TextField(max_length=2000, blank=True, default="")
    inspected_at = models.DateTimeField(null=True, blank=True)
    inspected_by = models.UUIDField(null=True, blank=True)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    with_senior = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    outcome = models.TextField(max_length=2000, blank=True, default="")
    penalty = models.OneToOneField(Penalty, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(name="inspection_once_a_month", fields=["plan", "merchant"]),
            models.CheckConstraint(
                name="inspection_state_is_known", condition=Q(state__in=INSPECTION.values)
            ),
            models.CheckConstraint(name="inspection_has_reasons", condition=~Q(reasons=[])),
            models.CheckConstraint(
                name="inspection_done_says_what_when_and_by_whom",
                condition=Q(state__in=["planned", "called_off"], inspected_at=None, inspected_by=None)
                | (
                    ~Q(state__in=["planned", "called_off"])
                    & Q(inspected_at__isnull=False, inspected_by__isnull=False)
                    & ~Q(scope="")
                ),
            ),
            models.CheckConstraint(
                name="inspection_over_says_when_and_how",
                condition=Q(
                    state__in=["clean", "rectified", "escalated", "called_off"], closed_at__isnull=False
                )
                & ~Q(outcome="")
                | Q(state__in=["planned", "open", "answered", "silent"], closed_at=None),
            ),
            models.CheckConstraint(
                name="inspection_escalates_into_a_penalty",
                condition=Q(state="escalated", penalty__isnull=False)
                | (~Q(state="escalated") & Q(penalty=None)),
            ),
            models.CheckConstraint(
                name="inspection_escalation_takes_two",
                condition=~Q(state="escalated")
                | (Q(closed_by__isnull=False) & ~Q(closed_by=F("inspected_by"))),
            ),
        ]
        indexes = [models.Index(name="inspection_by_shop", fields=["merchant", "-planned_at"])]
        triggers = [
            pgtrigger.Trigger(
                name="inspection_only_goes_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_GOES_ON,
            ),
            pgtrigger.Trigger(
                name="inspection_by_no_party",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NO_PARTY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} · {self.planned_at:%Y-%m-%d}"


class InspectionFinding(models.Model):
    """What was found, under which rule, what puts it right; `rectified` is the second look's verdict."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    rule_id = models.CharField(max_length=100)
    facts = models.TextField(max_length=2000)
    remedy = models.TextField(max_length=2000)
    rectified = models.BooleanField(null=True, blank=True)

    tenant = "inspection"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="inspection_finding_has_its_place", fields=["inspection", "position"]
            ),
            models.CheckConstraint(
                name="inspection_finding_says_rule_facts_and_remedy",
                condition=~Q(rule_id="") & ~Q(facts="") & ~Q(remedy=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="inspection_finding_is_judged_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_JUDGED_ONCE,
            )
        ]

    def __str__(self) -> str:
        return self.rule_id


class InspectionFile(models.Model):
    """Evidence: what the inspector kept, or what the shop shows with its answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="files")
    by_shop = models.BooleanField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = True
    tenant = "inspection"

    class Meta:
        triggers = [history("inspection_file_is_append_only")]

    def __str__(self) -> str:
        return str(self.file_id)

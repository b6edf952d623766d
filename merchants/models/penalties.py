"""Penalties: what happened, under which rule, how many points, what follows and until when."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from merchants.models.shops import Merchant, MerchantMove
from merchants.penalty_lifecycle import BY_TWO, PENALTY, PenaltyState, Step
from privacy.fields import EncryptedTextField

_LATER = (
    "'state', 'confirmed_by', 'noticed_at', 'answer', 'answered_at', 'in_force_at', 'ends_at', 'ended_at',"
    " 'why_ended', 'published_at', 'unpublished_at', 'move_id'"
)
_WENT = " OR ".join(
    f"(OLD.state = '{source}' AND NEW.state = '{target}')" for _move, source, target in PENALTY.as_rows()
)
# What was found and why never changes; the state only goes the lifecycle's way; what has happened stays.
_ONLY_GOES_ON = f"""
IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'append only: a penalty is never removed'; END IF;
IF to_jsonb(OLD) - ARRAY[{_LATER}] <> to_jsonb(NEW) - ARRAY[{_LATER}]
    OR (OLD.confirmed_by IS NOT NULL AND OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by)
    OR (OLD.in_force_at IS NOT NULL AND OLD.in_force_at IS DISTINCT FROM NEW.in_force_at)
    OR (OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at)
    OR (OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at)
    OR (OLD.answer IS NOT NULL AND OLD.answer IS DISTINCT FROM NEW.answer
        AND NOT privacy_is_resealing(OLD.answer, NEW.answer)) THEN
    RAISE EXCEPTION 'append only: what a penalty says stays' USING ERRCODE = 'check_violation';
END IF;
IF OLD.state <> NEW.state AND NOT ({_WENT}) THEN
    RAISE EXCEPTION 'a penalty only goes on' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_NO_PARTY = """
IF EXISTS (
    SELECT 1 FROM merchants_membership m
    WHERE m.merchant_id = NEW.merchant_id AND m.ended_at IS NULL
        AND m.subject_id IN (NEW.imposed_by, NEW.confirmed_by)
) THEN
    RAISE EXCEPTION 'staff punish no shop of their own' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_BEFORE = [str(PenaltyState.PROPOSED), str(PenaltyState.DROPPED)]


class Penalty(models.Model):
    """`points` count in the quarter of `imposed_at`; `step` is what the ladder makes of their sum."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    rule_id = models.CharField(max_length=100)
    facts = models.TextField(max_length=2000)
    reasons = models.TextField(max_length=2000)
    points = models.PositiveSmallIntegerField()
    sum_before = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=14)
    ladder = models.CharField(max_length=40)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=str(PenaltyState.PROPOSED))
    imposed_by = models.UUIDField()
    imposed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedTextField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    in_force_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.TextField(max_length=2000, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    unpublished_at = models.DateTimeField(null=True, blank=True)
    # The change of standing that it made, if it made one.
    move = models.OneToOneField(MerchantMove, on_delete=models.PROTECT, null=True, related_name="+")

    tenant = "merchant"

    class Meta:
        verbose_name_plural = "penalties"
        constraints = [
            models.CheckConstraint(name="penalty_state_is_known", condition=Q(state__in=PENALTY.values)),
            models.CheckConstraint(
                name="penalty_step_is_known", condition=Q(step__in=[str(one) for one in Step])
            ),
            models.CheckConstraint(name="penalty_has_points", condition=Q(points__gte=1, points__lte=100)),
            models.CheckConstraint(
                name="penalty_says_rule_facts_and_reasons",
                condition=~Q(rule_id="") & ~Q(facts="") & ~Q(reasons=""),
            ),
            models.CheckConstraint(
                name="penalty_off_sale_takes_two",
                condition=~Q(step__in=sorted(str(one) for one in BY_TWO))
                | Q(state__in=_BEFORE)
                | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("imposed_by"))),
            ),
            models.CheckConstraint(
                name="penalty_in_force_says_since_when",
                condition=Q(state__in=["in_force", "ended", "overturned"], in_force_at__isnull=False)
                | Q(state__in=["proposed", "noticed", "answered", "dropped"], in_force_at__isnull=True),
            ),
            models.CheckConstraint(
                name="penalty_over_says_when_and_why",
                condition=Q(state__in=["ended", "dropped", "overturned"], ended_at__isnull=False)
                & ~Q(why_ended="")
                | Q(state__in=["proposed", "noticed", "answered", "in_force"], ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="penalty_published_only_once_decided",
                condition=Q(published_at__isnull=True) | Q(in_force_at__isnull=False),
            ),
            models.CheckConstraint(
                name="penalty_overturned_is_no_longer_shown",
                condition=~Q(state="overturned", published_at__isnull=False)
                | Q(unpublished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="penalty_by_shop", fields=["merchant", "-imposed_at"]),
            models.Index(name="penalty_in_force", fields=["in_force_at"], condition=Q(state="in_force")),
            models.Index(
                name="penalty_shown",
                fields=["-published_at"],
                condition=Q(published_at__isnull=False, unpublished_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="penalty_only_goes_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_GOES_ON,
            ),
            pgtrigger.Trigger(
                name="penalty_by_no_party",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NO_PARTY,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.points}"

    @property
    def sum_after(self) -> int:
        return self.sum_before + self.points

"""What others say about goods: certificates that a shop hands in, evaluations that staff enter."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value

from catalog.proof_kinds import CertificateState, EvaluatorKind, Scheme
from kernel.ids import new_id

_STATED_ONCE = """
IF TG_OP = 'DELETE' OR to_jsonb(OLD) - ARRAY['ended_at', 'ended_by', 'ended_why']
    <> to_jsonb(NEW) - ARRAY['ended_at', 'ended_by', 'ended_why'] OR OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'append only: an evaluation is corrected by another row, and ends once'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Certificate(models.Model):
    """One certificate for a listing, or for everything of a shop; counts once staff have compared it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+", null=True)
    scheme = models.CharField(max_length=16)
    number = models.CharField(max_length=80)
    issuer = models.CharField(max_length=120)
    check_url = models.URLField(max_length=300, blank=True, default="")
    valid_until = models.DateField(null=True, blank=True)
    file = models.ForeignKey("privacy.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="handed_in")
    reason = models.TextField(max_length=2000, blank=True, default="")
    handed_in_at = models.DateTimeField()
    handed_in_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_scheme_is_known", condition=Q(scheme__in=[str(each) for each in Scheme])
            ),
            models.CheckConstraint(
                name="certificate_state_is_known",
                condition=Q(state__in=[str(each) for each in CertificateState]),
            ),
            models.CheckConstraint(
                name="certificate_verified_was_decided",
                condition=~Q(state__in=["verified", "refused", "expired"]) | ~Q(decided_by=""),
            ),
            models.CheckConstraint(
                name="certificate_refused_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="certificate_has_number_and_issuer", condition=~Q(number="") & ~Q(issuer="")
            ),
        ]
        indexes = [models.Index(name="certificates_of_a_shop", fields=["merchant", "state"])]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class Evaluation(models.Model):
    """What an independent body found out about goods; never mixed with customers' reviews."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    evaluator = models.CharField(max_length=120)
    evaluator_kind = models.CharField(max_length=24)
    result = models.TextField(max_length=1000)
    method = models.TextField(max_length=1000)
    scope = models.TextField(max_length=500)
    # Field of the offer → its value as it was tested; another value since then stands alone.
    confirms = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    tested_on = models.DateField()
    source_url = models.URLField(max_length=300)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="+", null=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_why = models.TextField(max_length=1000, blank=True, default="")

    # Not append-only: it can be ended once; the trigger keeps everything else as it was stated.
    tenant = "listing"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="evaluation_is_stated_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_STATED_ONCE,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="evaluation_kind_is_known",
                condition=Q(evaluator_kind__in=[str(each) for each in EvaluatorKind]),
            ),
            models.CheckConstraint(
                name="evaluation_says_how",
                condition=~Q(result="") & ~Q(method="") & ~Q(scope="") & ~Q(source_url=""),
            ),
            models.CheckConstraint(
                name="evaluation_ended_says_why",
                condition=Q(ended_at__isnull=True) | (~Q(ended_why="") & ~Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="evaluation_confirms_fields_of_laboratories",
                condition=Q(confirms={}) | Q(evaluator_kind="laboratory"),
            ),
            models.CheckConstraint(
                name="evaluation_corrects_another",
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")),
            ),
        ]
        indexes = [models.Index(name="evaluations_of_a_listing", fields=["listing", "-tested_on"])]

    def __str__(self) -> str:
        return f"{self.evaluator}: {self.listing_id}"

"""Children's accounts: an age band instead of a birthday, who watches over them, what they asked to spend."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models.files import StoredFile
from privacy.models.subjects import Subject
from privacy.states import GUARDIAN_PROOF, AgeSource, ProofState

# A foreign key can't say whose file it is.
_OWN_PROOF = """
IF NEW.proof_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM privacy_storedfile f WHERE f.id = NEW.proof_id
        AND f.subject_id = NEW.guardian_id AND f.purpose = 'privacy.guardian_proof'
) THEN
    RAISE EXCEPTION 'privacy_a_proof_is_the_guardian_s_own' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# Whoever decided is a pseudonym with the subject's id in it.
_NOT_BY_THEMSELVES = """
IF NEW.proof_decided_by <> '' AND (
    NEW.proof_decided_by LIKE '%' || NEW.guardian_id::text
    OR NEW.proof_decided_by LIKE '%' || NEW.minor_id::text
) THEN
    RAISE EXCEPTION 'privacy_nobody_accepts_their_own_proof' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

_UNDECIDED = Q(proof_decided_at__isnull=True, proof_decided_by="")
_WHOLE = (
    (Q(proof_state="missing", proof__isnull=True, proof_handed_in_at__isnull=True) & _UNDECIDED)
    | (
        Q(proof_state="handed_in", proof_handed_in_at__isnull=False)
        & (Q(proof__isnull=False) | Q(ended_at__isnull=False))
        & _UNDECIDED
    )
    | (
        Q(proof_state__in=["accepted", "refused"], proof_handed_in_at__isnull=False)
        & Q(proof_decided_at__isnull=False)
        & ~Q(proof_decided_by="")
    )
)


class AgeBand(models.TextChoices):
    """As the law draws them: void orders, children's data, minors."""

    UNDER_8 = "under_8"
    FROM_8_TO_13 = "from_8_to_13"
    FROM_14_TO_17 = "from_14_to_17"

    @property
    def first_age(self) -> int:
        """The youngest that somebody of this band can be, as its name says."""
        return int(self.value.split("_")[1]) if self.value.startswith("from_") else 0


class MinorProfile(models.Model):
    """A person who said (or whose guardian said) that they are a minor; grown up, `ended_at` is set.

    `asked_anew_at`: their age was due to change, and nobody has confirmed it yet.
    """

    subject = models.OneToOneField(Subject, primary_key=True, on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=20, choices=AgeBand)
    source = models.CharField(max_length=20, default=AgeSource.DECLARED, db_default="declared")
    declared_at = models.DateTimeField()
    asked_anew_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(band__in=AgeBand.values), name="privacy_age_band_is_known"),
            models.CheckConstraint(
                condition=Q(source__in=[str(one) for one in AgeSource]), name="privacy_age_source_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.band}"


class GuardianLink(models.Model):
    """An invitation by code, then a guardian's consent in the words of one version, until it is ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    minor = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", null=True)
    code_digest = models.CharField(max_length=64, unique=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    text_version = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    order_limit_minor = models.BigIntegerField(null=True)
    # The file goes when the rule's days after the decision are over; the decision stays.
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", null=True)
    proof_state = models.CharField(max_length=20, default=ProofState.MISSING, db_default="missing")
    proof_handed_in_at = models.DateTimeField(null=True)
    proof_overdue_at = models.DateTimeField(null=True)
    proof_decided_at = models.DateTimeField(null=True)
    proof_decided_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    proof_refusal = EncryptedTextField(subject="guardian_id", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian__isnull=True, accepted_at__isnull=True, text_version__isnull=True)
                | Q(guardian__isnull=False, accepted_at__isnull=False, text_version__isnull=False),
                name="privacy_a_guardian_has_agreed",
            ),
            models.CheckConstraint(
                condition=Q(guardian__isnull=True) | ~Q(guardian=F("minor")),
                name="privacy_nobody_is_their_own_guardian",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__lt=F("expires_at")),
                name="privacy_an_invitation_is_taken_up_in_time",
            ),
            models.CheckConstraint(
                condition=Q(order_limit_minor__isnull=True) | Q(order_limit_minor__gte=0),
                name="privacy_a_spending_limit_is_no_debt",
            ),
            models.UniqueConstraint(
                fields=["minor", "guardian"],
                condition=Q(accepted_at__isnull=False, ended_at__isnull=True),
                name="privacy_one_link_per_guardian",
            ),
            models.CheckConstraint(
                condition=Q(proof_state__in=GUARDIAN_PROOF.values), name="privacy_proof_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(proof_state="missing") | Q(accepted_at__isnull=False),
                name="privacy_only_a_guardian_proves_it",
            ),
            models.CheckConstraint(condition=_WHOLE, name="privacy_a_proof_is_whole"),
            models.CheckConstraint(
                condition=Q(proof_state="refused", proof_refusal__isnull=False)
                | (~Q(proof_state="refused") & Q(proof_refusal__isnull=True)),
                name="privacy_a_refused_proof_says_why",
            ),
            models.CheckConstraint(
                condition=Q(proof_decided_at__isnull=True) | Q(proof_decided_at__gte=F("proof_handed_in_at")),
                name="privacy_a_proof_is_decided_afterwards",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_proof_is_the_guardian_s_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_OWN_PROOF,
            ),
            pgtrigger.Trigger(
                name="nobody_accepts_their_own_proof",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NOT_BY_THEMSELVES,
            ),
        ]

    def __str__(self) -> str:
        return f"…{str(self.pk)[-8:]}"


class SpendingRequest(models.Model):
    """A minor asks to buy once for more than the limit; no answer in time is a no."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    minor = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    agreed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+", null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="privacy_spending_is_positive"),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | Q(agreed__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
                name="privacy_a_spending_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(agreed__isnull=False, agreed=True),
                name="privacy_only_a_yes_is_spent",
            ),
            models.CheckConstraint(
                condition=~Q(answered_by=F("minor")) | Q(answered_by__isnull=True),
                name="privacy_nobody_agrees_to_their_own_spending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minor_id} {self.amount_minor}"

    @property
    def amount_yuan(self) -> int:
        return self.amount_minor // 100

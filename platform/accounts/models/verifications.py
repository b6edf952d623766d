"""That somebody is who they say: what a verifier answered, and never what was shown to it."""

from __future__ import annotations

import pgtrigger
from django.db import models

from kernel.ids import new_id
from privacy.fields import EncryptedTextField
from privacy.models import Subject


class VerificationKind(models.TextChoices):
    REAL_NAME = "real_name"
    BANK_ACCOUNT = "bank_account"


class VerificationResult(models.TextChoices):
    ASKED = "asked"
    MATCHED = "matched"
    NOT_MATCHED = "not_matched"
    UNAVAILABLE = "unavailable"


class Verification(models.Model):
    """One question to a verifier. Of the number only a masked form stays, sealed under the person's key.

    The row stands before anybody is asked, so that no answer is lost and no try goes uncounted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=VerificationKind)
    verifier = models.CharField(max_length=40)
    result = models.CharField(max_length=20, choices=VerificationResult)
    masked = EncryptedTextField(subject="subject_id")
    # The receipt of the separate consent to this one question (PIPL art. 29).
    consent_number = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=VerificationKind.values), name="a_verification_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(result__in=VerificationResult.values),
                name="a_verification_has_a_known_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(consent_number=""), name="a_verification_rests_on_a_consent"
            ),
        ]
        indexes = [models.Index(fields=["subject", "-at"], name="verifications_of_a_subject")]
        triggers = [
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.result <> 'asked' AND OLD.result IS DISTINCT FROM NEW.result"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.result}"

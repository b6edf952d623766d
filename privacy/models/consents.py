"""What people agreed to, word for word: only ever added to."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from privacy.models.subjects import Subject

LANGUAGES = ("zh-hans", "zh-hant", "en")

# An answer follows the one before it, of the same person about the same purpose; nothing is taken back
# that was not given.
FOLLOWS = """
    IF NEW.previous_id IS NULL THEN
        IF NEW.choice = 'withdrawn' THEN
            RAISE EXCEPTION 'privacy_a_withdrawal_follows_a_consent' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT subject_id, purpose, choice INTO before FROM privacy_consentevent WHERE id = NEW.previous_id;
    IF before.subject_id IS DISTINCT FROM NEW.subject_id OR before.purpose IS DISTINCT FROM NEW.purpose THEN
        RAISE EXCEPTION 'privacy_a_consent_follows_its_own_past' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.choice = 'withdrawn') IS DISTINCT FROM (before.choice = 'given' AND NEW.choice <> 'given') THEN
        RAISE EXCEPTION 'privacy_a_withdrawal_follows_a_consent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ConsentPurpose(models.TextChoices):
    """One question each; the wording is the text `consent.<purpose>` of the rulebook."""

    PERSONALISATION = "personalisation"
    MARKETING = "marketing"
    SENSITIVE = "sensitive"
    ABROAD = "abroad"
    VERIFICATION = "verification"


class ConsentChoice(models.TextChoices):
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentEvent(models.Model):
    """One answer, with the version, language and fingerprint of the words that were on the screen.

    `number` is the receipt's; `previous` the answer that this one replaces.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose)
    choice = models.CharField(max_length=10, choices=ConsentChoice)
    text_version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=ConsentPurpose.values), name="privacy_consent_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(choice__in=ConsentChoice.values), name="privacy_consent_choice_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGES), name="privacy_consent_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="privacy_a_consent_names_its_words"
            ),
            models.UniqueConstraint(
                fields=["subject", "purpose"],
                condition=Q(previous__isnull=True),
                name="privacy_a_consent_begins_once",
            ),
        ]
        indexes = [models.Index(fields=["subject", "purpose", "-at"], name="privacy_consent_by_subject")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="follows_its_own_past",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("before", "record")],
                func=FOLLOWS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.purpose} {self.choice}"

    @property
    def slug(self) -> str:
        return f"consent.{self.purpose}"

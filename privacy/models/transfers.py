"""What of a person's data went abroad, and the filings that allow more of it."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from privacy.models.consents import ConsentEvent
from privacy.models.subjects import Subject


class ExportBasis(models.TextChoices):
    """The route of the law: needed for the person's own contract, or counted towards the thresholds."""

    CONTRACT = "contract"
    CONSENT = "consent"


class ExportRoute(models.TextChoices):
    STANDARD_CONTRACT = "standard_contract"
    ASSESSMENT = "assessment"


class Transfer(models.Model):
    """Data of one person handed to one recipient in another country, for one fact (an order).

    `year` is the calendar year in China, in which the law counts people; `recipient` a public business name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    basis = models.CharField(max_length=20, choices=ExportBasis)
    consent = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="+", null=True)
    purpose = models.CharField(max_length=20)
    data = ArrayField(models.CharField(max_length=40))
    sensitive = models.BooleanField(default=False)
    reference = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="privacy_transfers_of_subject"),
            models.Index(
                fields=["year", "subject"],
                name="privacy_transfers_counted",
                condition=~Q(basis="contract"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=ExportBasis.values), name="privacy_export_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$") & ~Q(country="CN"),
                name="privacy_abroad_is_another_country",
            ),
            models.CheckConstraint(
                condition=Q(basis="consent", consent__isnull=False)
                | (~Q(basis="consent") & Q(consent__isnull=True)),
                name="privacy_an_export_by_consent_names_it",
            ),
            models.UniqueConstraint(
                fields=["reference", "recipient", "purpose"], name="privacy_a_transfer_is_told_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.reference}"


class ExportFiling(models.Model):
    """A standard contract filed, or a security assessment passed: what allows more people's data abroad."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    route = models.CharField(max_length=20, choices=ExportRoute)
    number = models.CharField(max_length=60)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    noted_at = models.DateTimeField()

    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(route__in=ExportRoute.values), name="privacy_export_route_is_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="privacy_a_filing_lasts_a_while"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.number}"


class ExportAlert(models.Model):
    """That officers were told once of a share of a threshold in a year."""

    id = models.BigAutoField(primary_key=True)
    year = models.PositiveSmallIntegerField()
    threshold = models.CharField(max_length=40)
    permille = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    at = models.DateTimeField()

    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "threshold", "permille"], name="privacy_an_export_alert_goes_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.threshold} {self.permille}"

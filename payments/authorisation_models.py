"""What a payer's bank has reserved for a payment: no money of ours, and in no book, until it is taken."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from payments.lifecycle import AuthorisationState
from payments.queries import locked_row

ENDED = (AuthorisationState.CAPTURED, AuthorisationState.RELEASED)
STANDING = (AuthorisationState.HELD, AuthorisationState.CAPTURING, AuthorisationState.CAPTURED)


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def locked(self, pk: UUID) -> Authorisation:
        return locked_row(self, pk=pk)

    def standing(self) -> AuthorisationQuerySet:
        return self.filter(state__in=STANDING)


class Authorisation(models.Model):
    """`reference` is the provider's name of it; `capture_minor` what is taken, above zero once asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey("payments.Payment", models.PROTECT, related_name="authorisations")
    provider = models.CharField(max_length=20)
    trade_number = models.CharField(max_length=32)
    reference = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default=AuthorisationState.HELD)
    amount_minor = models.BigIntegerField()
    capture_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    held_at = models.DateTimeField()
    # Until when it is sure that the provider holds it.
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        constraints = [
            models.UniqueConstraint(fields=["provider", "reference"], name="an authorisation is noted once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=STANDING),
                name="a payment is reserved once at a time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AuthorisationState]),
                name="an authorisation is in a known state",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, capture_minor__gte=0, capture_minor__lte=F("amount_minor")),
                name="no more is taken than was reserved",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[AuthorisationState.CAPTURING, AuthorisationState.CAPTURED])
                | Q(capture_minor__gt=0),
                name="what is taken has its sum",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="an authorisation has its instant exactly when ended",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def capture(self) -> Money:
        """What was asked to be taken of it."""
        return Money(self.capture_minor, self.currency)

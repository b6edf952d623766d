"""A payer's attempts: one provider each, one at a time."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from payments.lifecycle import AttemptState
from payments.queries import locked_row

OPEN = (AttemptState.BEGUN, AttemptState.HANDED_OVER)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def locked(self, pk: UUID) -> Attempt:
        return locked_row(self, pk=pk)

    def open(self) -> AttemptQuerySet:
        return self.filter(state__in=OPEN)


class Attempt(models.Model):
    """A payment at one provider, under a name of its own there; the payer goes on at `url` or `code`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey("payments.Payment", models.PROTECT, related_name="attempts", db_index=False)
    position = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=20)
    trade_number = models.CharField(max_length=32, unique=True)
    on_phone = models.BooleanField()
    state = models.CharField(max_length=12)
    url = models.TextField(blank=True)
    code = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=80, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["payment", "position"], name="attempts are counted"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=OPEN),
                name="a payment is tried at one provider at a time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AttemptState]),
                name="an attempt is in a known state",
            ),
            models.CheckConstraint(
                condition=~Q(state=AttemptState.HANDED_OVER) | ~Q(url="") | ~Q(code=""),
                name="a payer handed over knows where to",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="an attempt has its instant exactly when ended",
            ),
        ]

    def __str__(self) -> str:
        return self.trade_number

"""Questions that we owe carriers: written first, asked outside any transaction, until answered."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id


class CarrierCallQuerySet(models.QuerySet["CarrierCall"]):
    def claim(self, at: datetime) -> CarrierCall | None:
        """The longest due one that no other worker holds, locked."""
        due = self.filter(state=CarrierCall.State.WAITING, due_at__lte=at).order_by("due_at", "id")
        return due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()


class CarrierCall(models.Model):
    """Where is this parcel? Asked when its events have stayed away."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ANSWERED = "answered", _("answered")
        GIVEN_UP = "given_up", _("given up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shipment = models.ForeignKey("orders.Shipment", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    last_answer = models.CharField(max_length=120, blank=True)

    objects = CarrierCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a carrier")
        verbose_name_plural = _("questions to carriers")
        constraints = [
            models.UniqueConstraint(
                fields=["shipment"], condition=Q(state="waiting"), name="a_carrier_is_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "answered", "given_up"]), name="carrier_call_state_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="carrier_call_waiting"),
            models.Index(fields=["shipment", "-owed_at"], name="carrier_calls_of_a_parcel"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.state}"

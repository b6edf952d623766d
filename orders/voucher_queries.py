"""Questions asked of offered times and of the appointments there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from orders.queries import locked_row

if TYPE_CHECKING:
    from orders.models.appointments import Appointment, Slot


class SlotQuerySet(models.QuerySet["Slot"]):
    def locked(self, pk: UUID) -> Slot:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def of_merchant(self, merchant_id: UUID) -> SlotQuerySet:
        return self.filter(merchant_id=merchant_id)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def locked(self, pk: UUID) -> Appointment:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def booked(self) -> AppointmentQuerySet:
        return self.filter(state="booked")

    def of_merchant(self, merchant_id: UUID) -> AppointmentQuerySet:
        return self.filter(slot__merchant_id=merchant_id)

    def between(self, start: datetime, end: datetime) -> AppointmentQuerySet:
        """Those that begin in this span, the earliest first."""
        return self.filter(slot__starts_at__gte=start, slot__starts_at__lt=end).order_by(
            "slot__starts_at", "slot_id", "seat", "id"
        )

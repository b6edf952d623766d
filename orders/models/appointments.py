"""Times that a shop offers for its services, and the appointments that buyers have there."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import ADDRESS_LENGTH
from orders.models import voucher_rules as rules
from orders.voucher_queries import AppointmentQuerySet, SlotQuerySet

MOST_SEATS = 500


class Slot(models.Model):
    """A time for so many people. It stays what it was; one without appointments can be closed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=ADDRESS_LENGTH)
    offered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("offered time")
        verbose_name_plural = _("offered times")
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "starts_at", "place"],
                condition=Q(closed_at__isnull=True),
                name="a_time_is_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), starts_at__gt=F("offered_at")) & ~Q(place=""),
                name="a_time_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_SEATS), name="a_time_has_seats"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_time_is_for_a_service_of_its_shop",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=rules.OF_ITS_SHOP,
            ),
            pgtrigger.ReadOnly(
                name="a_time_stays_as_it_was_offered",
                fields=["merchant", "listing", "starts_at", "ends_at", "capacity", "place", "offered_at"],
            ),
            pgtrigger.Trigger(
                name="a_time_with_appointments_stays_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__closed_at__isnull=False),
                func=rules.KEPT_FOR_ITS_BUYERS,
            ),
            pgtrigger.Protect(name="an_offered_time_is_kept", operation=pgtrigger.Delete),
        ]
        indexes = [models.Index(fields=["merchant", "starts_at"], name="times_of_a_shop")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class AppointmentState(models.TextChoices):
    BOOKED = "booked", _("booked")
    KEPT = "kept", _("came")
    MISSED = "missed", _("did not come")
    MOVED = "moved", _("moved to another time")
    CANCELLED = "cancelled", _("cancelled")
    LAPSED = "lapsed", _("passed without a word")


class Appointment(models.Model):
    """One seat at one time, for one use of a voucher."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments")
    voucher = models.ForeignKey("orders.Voucher", on_delete=models.PROTECT, related_name="appointments")
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="appointments")
    seat = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    booked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, default="", blank=True)

    objects = AppointmentQuerySet.as_manager()

    tenant = "order"

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "seat"], condition=Q(state="booked"), name="a_seat_is_booked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="booked", ended_at__isnull=True)
                | Q(state__in=["kept", "missed", "moved", "cancelled", "lapsed"], ended_at__isnull=False),
                name="an_ended_appointment_says_when",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="an_appointment_has_a_seat",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=rules.A_SEAT_THERE,
            ),
            pgtrigger.Trigger(
                name="an_appointment_is_counted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=rules.COUNT_BOOKED,
            ),
            pgtrigger.ReadOnly(
                name="an_appointment_stays_its_buyer_s",
                fields=["slot", "voucher", "order", "seat", "booked_at"],
            ),
            pgtrigger.Trigger(
                name="an_appointment_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=rules.ENDS_ONCE,
            ),
            pgtrigger.Trigger(
                name="an_ended_appointment_frees_its_use",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=rules.COUNT_ENDED,
            ),
            pgtrigger.Protect(name="an_appointment_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.slot_id}"

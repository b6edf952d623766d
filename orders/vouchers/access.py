"""The doors to appointments: the buyer's by their order, the shop's by its portal; foreign is absent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from catalog.models import Listing
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import Appointment, Order, Slot, Voucher, VoucherUse
from orders.queries import only_row

SERVICES = "services"


def vouchers_of(order: Order) -> list[Voucher]:
    """The services of an order in the order of its lines."""
    rows = Voucher.objects.filter(order=order).select_related("line__revision", "line__listing")
    return list(rows.order_by("line__position"))


def voucher_of(order: Order, line_id: UUID) -> Voucher:
    """:raises NotFound: also for a line of another order"""
    rows = Voucher.objects.filter(order=order).select_related("line__revision", "line__listing")
    return only_row(rows, pk=line_id)


def appointments_of(order: Order) -> list[Appointment]:
    """All that an order ever had, the earliest first."""
    rows = Appointment.objects.filter(order=order).select_related("slot")
    return list(rows.order_by("slot__starts_at", "pk"))


def references(order: Order) -> list[UUID]:
    """Of whose clocks its page tells: uses that aren't paid out yet, and appointments."""
    uses = VoucherUse.objects.filter(order=order, released_at__isnull=True).values_list("pk", flat=True)
    return [*uses, *order.appointments.booked().values_list("pk", flat=True)]


def uses_of(order: Order) -> list[VoucherUse]:
    """What was used of it, the first first."""
    rows = VoucherUse.objects.filter(order=order).select_related("voucher")
    return list(rows.order_by("used_at", "voucher_id", "number"))


def appointment_of(order: Order, appointment_id: UUID) -> Appointment:
    """:raises NotFound: also for one of another order"""
    return only_row(Appointment.objects.filter(order=order).select_related("slot"), pk=appointment_id)


def appointment_for_merchant(membership: Membership, appointment_id: UUID) -> Appointment:
    """:raises NotFound: also for one of another shop"""
    rows = Appointment.objects.of_merchant(membership.merchant_id).select_related("slot", "order")
    return only_row(rows, pk=appointment_id)


def slots_of_merchant(membership: Membership, start: datetime, end: datetime) -> list[Slot]:
    """What it offers in a span, the earliest first; closed ones left out."""
    membership.require(Capability.READ)
    rows = Slot.objects.of_merchant(membership.merchant_id).filter(closed_at__isnull=True)
    found = rows.filter(starts_at__gte=start, starts_at__lt=end).select_related("listing__live_revision")
    return list(found.order_by("starts_at", "id"))


def booked_in(membership: Membership, start: datetime, end: datetime) -> list[Appointment]:
    """Who comes in a span, and what became of those who were to come."""
    rows = Appointment.objects.of_merchant(membership.merchant_id).between(start, end)
    shown = rows.exclude(state__in=["moved", "cancelled"])
    return list(shown.select_related("slot", "order", "voucher__line__revision"))


def services_of(membership: Membership) -> list[Listing]:
    """Its live services, for which times can be offered."""
    rows = Listing.objects.of_merchant(membership.merchant_id).filter(category_id=SERVICES)
    return [
        each for each in rows.select_related("live_revision").order_by("working_title", "id") if each.is_live
    ]

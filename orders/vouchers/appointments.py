"""Appointments: a seat at an offered time; kept, moved, cancelled, missed, or passed without a word."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor, ActorKind
from kernel.errors import N_, DomainError, Invalid, NotFound
from orders import delivery_deadlines, packing
from orders.events import AppointmentChanged
from orders.lifecycle import OrderState, prove
from orders.models import Appointment, AppointmentState, Order, OrderLine, Slot, Voucher
from orders.vouchers import delivering, terms, using
from orders.vouchers.terms import Terms
from outbox import bus
from rulebook import policies

LIMITS = "appointment.limits"


class NoUseLeft(DomainError):
    code = "no_use_left"
    message = N_("Every use that you have left has its appointment, or nothing is left of it.")


class TimeFull(Invalid):
    code = "appointment_time_full"
    message = N_(
        "The last seat at that time has just gone, or it isn't offered any more. Choose another one."
    )


class TooShortBefore(Invalid):
    code = "appointment_too_short_before"
    message = N_("This time could be booked until %(until)s. Choose a later one.")


class AfterItsTime(Invalid):
    code = "appointment_after_validity"
    message = N_("Your voucher is good until %(until)s. Choose an earlier time.")


class AppointmentEnded(DomainError):
    code = "appointment_ended"
    message = N_("This appointment is over. Reload the page: it says what became of it.")


class TooLateToMove(DomainError):
    code = "too_late_to_move"
    message = N_("It could be moved until %(until)s. You can still cancel it: the page says what that means.")


class NotItsTime(DomainError):
    code = "not_its_time"
    status = 422
    message = N_(
        "This is used by appointment, and there is none now. The buyer books one on the order's page."
    )


class NotMissedYet(DomainError):
    code = "appointment_not_missed_yet"
    message = N_("The appointment begins only at %(start)s. Until then nobody is late.")


@transaction.atomic
def book(*, order_id: UUID, line_id: UUID, slot_id: UUID, actor: Actor, at: datetime) -> Appointment:
    """A seat for one use of a line, at a time that its shop offers.

    :raises NotFound: for a line or a time of somebody else's; NoUseLeft
    :raises TimeFull, TooShortBefore, AfterItsTime: about the time
    """
    order = Order.objects.locked(order_id)
    line = OrderLine.objects.of_order(order.pk).select_related("revision").filter(pk=line_id).first()
    voucher = Voucher.objects.filter(pk=line_id, order=order).first()
    if line is None or voucher is None:
        raise NotFound()
    if order.state != OrderState.PAID or voucher.free < 1:
        raise NoUseLeft()
    made = _seat(order, line, voucher, slot_id, at=at)
    _tell(made, "booked", actor, at=at)
    return made


def _seat(order: Order, line: OrderLine, voucher: Voucher, slot_id: UUID, *, at: datetime) -> Appointment:
    slot = Slot.objects.of_merchant(order.merchant_id).locked(slot_id)
    if slot.listing_id != line.listing_id:
        raise NotFound()
    until = slot.starts_at - terms.of_line(line).book_ahead
    if at >= until or at >= slot.starts_at:
        raise TooShortBefore(field="slot", until=until)
    if order.collect_by is not None and slot.ends_at > order.collect_by:
        raise AfterItsTime(field="slot", until=order.collect_by)
    taken = set(slot.appointments.booked().values_list("seat", flat=True))
    seat = next((each for each in range(1, slot.capacity + 1) if each not in taken), None)
    if seat is None or slot.closed_at is not None:
        raise TimeFull(field="slot")
    made = Appointment.objects.create(slot=slot, voucher=voucher, order=order, seat=seat, booked_at=at)
    delivery_deadlines.start_appointment(made, at=at)
    return made


@transaction.atomic
def move(*, appointment_id: UUID, slot_id: UUID, actor: Actor, at: datetime) -> Appointment:
    """To another time, as long as it could be cancelled for nothing.

    :raises AppointmentEnded, TooLateToMove: and those of `book` about the new time
    """
    found, order, line = _locked(appointment_id)
    until = free_until(found, terms.of_line(line))
    if at >= until:
        raise TooLateToMove(until=until)
    _end(found, AppointmentState.MOVED, actor=actor, at=at)
    made = _seat(order, line, found.voucher, slot_id, at=at)
    _tell(made, "moved", actor, at=at)
    return made


@transaction.atomic
def cancel(*, appointment_id: UUID, actor: Actor, at: datetime) -> Appointment:
    """By its buyer or its shop. Only the buyer's late one may cost: as the listing said, never otherwise.

    :raises AppointmentEnded: also once it has begun and its buyer would cancel it
    """
    found, order, line = _locked(appointment_id)
    said, by_shop = terms.of_line(line), actor.kind is ActorKind.MEMBER
    if not by_shop and at >= found.slot.starts_at:
        raise AppointmentEnded()
    costs = not by_shop and said.no_show_counts and at >= free_until(found, said)
    if costs:
        return _missed(found, order, line, counts=True, actor=actor, at=at)
    _end(found, AppointmentState.CANCELLED, actor=actor, at=at)
    _tell(found, "cancelled_by_shop" if by_shop else "cancelled", actor, at=at)
    return found


@transaction.atomic
def miss(*, appointment_id: UUID, actor: Actor, at: datetime) -> Appointment:
    """The shop says that nobody came. It counts as a use only where the listing said so before buying.

    :raises AppointmentEnded, NotMissedYet: before it has begun
    """
    found, order, line = _locked(appointment_id)
    if at < found.slot.starts_at:
        raise NotMissedYet(start=found.slot.starts_at)
    return _missed(found, order, line, counts=terms.of_line(line).no_show_counts, actor=actor, at=at)


def _missed(
    found: Appointment, order: Order, line: OrderLine, *, counts: bool, actor: Actor, at: datetime
) -> Appointment:
    _end(found, AppointmentState.MISSED, actor=actor, at=at)
    _tell(found, "missed" if counts else "missed_free", actor, at=at)
    if counts:
        voucher = Voucher.objects.get(pk=found.voucher_id)
        using.use(order, voucher, 1, missed=True, actor=actor, at=at)
        delivering.deliver_used_up(order, line, actor=actor, at=at)
    return found


@transaction.atomic
def lapse(*, appointment_id: UUID, at: datetime) -> None:
    """The shop said nothing after its end: the use stays with its buyer, who may book again."""
    found = Appointment.objects.get(pk=appointment_id)
    Order.objects.locked(found.order_id)
    found = Appointment.objects.select_related("slot", "order").locked(appointment_id)
    if found.state == AppointmentState.BOOKED:
        _end(found, AppointmentState.LAPSED, actor=Actor.system(), at=at)


def end_all(order: Order, *, actor: Actor, at: datetime) -> None:
    """Nothing of a locked order is used any more."""
    for each in order.appointments.booked().select_related("slot").order_by("slot__starts_at", "pk"):
        _end(each, AppointmentState.CANCELLED, actor=actor, at=at)


def take_now(voucher: Voucher, said: Terms, times: int, *, actor: Actor, at: datetime) -> None:
    """The appointments that are kept by redeeming so many uses now; a locked order's.

    :raises NotItsTime: where it is used by appointment and too few are now
    :raises PiecesOutOfRange: where those left over have an appointment at another time
    """
    early = timedelta(minutes=int(policies.value(LIMITS, at)["early_minutes"]))
    rows = voucher.appointments.booked().filter(slot__starts_at__lte=at + early)
    now = list(rows.select_related("slot").order_by("slot__starts_at", "pk")[:times])
    if said.by_appointment and len(now) < times:
        raise NotItsTime(field="pieces")
    if times - len(now) > voucher.free:
        raise packing.PiecesOutOfRange(field="pieces", most=voucher.free + len(now))
    for each in now:
        _end(each, AppointmentState.KEPT, actor=actor, at=at)
    voucher.refresh_from_db()


def free_until(found: Appointment, said: Terms) -> datetime:
    """Before this instant its buyer moves or cancels it for nothing."""
    return found.slot.starts_at - said.cancel_ahead


def _locked(appointment_id: UUID) -> tuple[Appointment, Order, OrderLine]:
    """The order first, as everywhere.

    :raises NotFound: when there is none; AppointmentEnded
    """
    known = Appointment.objects.filter(pk=appointment_id).first()
    if known is None:
        raise NotFound()
    order = Order.objects.select_related("merchant").locked(known.order_id)
    found = Appointment.objects.select_related("slot", "voucher").locked(appointment_id)
    if found.state != AppointmentState.BOOKED or order.state != OrderState.PAID:
        raise AppointmentEnded()
    found.order = order
    line = OrderLine.objects.select_related("revision").get(pk=found.voucher_id)
    return found, order, line


def _end(found: Appointment, state: AppointmentState, *, actor: Actor, at: datetime) -> None:
    found.state, found.ended_at, found.ended_by = state, at, str(actor)
    found.save(update_fields=["state", "ended_at", "ended_by"])
    delivery_deadlines.end_appointment(found, at=at)
    found.voucher.refresh_from_db()


def _tell(found: Appointment, what: str, actor: Actor, *, at: datetime) -> None:
    order = found.order
    starts = found.slot.starts_at
    prove(order, f"orders.appointment.{what}", {"starts_at": starts.isoformat(), "seat": found.seat}, at=at)
    ids = (order.pk, order.merchant_id, order.subject_id)
    bus.publish(AppointmentChanged(*ids, found.pk, what, starts), at=at)

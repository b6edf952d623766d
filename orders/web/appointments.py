"""A buyer's appointments: a time is chosen, changed or cancelled, with what it means said before."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import access as order_access
from orders.models import Appointment, Order, Voucher
from orders.vouchers import access, appointments, slots, terms
from orders.web.presenting import thing_of
from web.formats import until_text
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


class TimeForm(Form):
    slot = forms.UUIDField(
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid": gettext_lazy("Choose one of these times."),
        }
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: Request, number: str, line_id: UUID) -> HttpResponse:
    """One of the shop's times, for one use."""
    actor, order = _mine(request, number)
    voucher = access.voucher_of(order, line_id)
    if request.method == "POST":
        return _chosen(request, order, actor, voucher, None)
    return _times(request, order, voucher, TimeForm(auto_id="ap-%s"), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def moving(request: Request, number: str, appointment_id: UUID) -> HttpResponse:
    """To another time, for nothing, as long as the listing lets it."""
    actor, order = _mine(request, number)
    found = access.appointment_of(order, appointment_id)
    voucher = access.voucher_of(order, found.voucher_id)
    if request.method == "POST":
        return _chosen(request, order, actor, voucher, found)
    return _times(request, order, voucher, TimeForm(auto_id="ap-%s"), found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: Request, number: str, appointment_id: UUID) -> HttpResponse:
    actor, order = _mine(request, number)
    found = access.appointment_of(order, appointment_id)
    if request.method == "POST":
        return _cancel(request, order, actor, found)
    said = terms.of_line(access.voucher_of(order, found.voucher_id).line)
    late = said.no_show_counts and clock.now() >= appointments.free_until(found, said)
    context = {
        "order": order,
        "title": _("Cancel this appointment?"),
        "will": [_what_cancelling_does(late)],
        "wont": _("Somebody else may get the seat."),
        "submit": _("Cancel the appointment"),
        "action": reverse("orders:appointment-cancellation", args=[number, appointment_id]),
        "danger": late,
        "back_url": reverse("orders:order", args=[number]),
        "back_label": _("Back to the order"),
    }
    return page(request, "orders/confirm.html", context)


def _what_cancelling_does(late: bool) -> str:
    if late:
        return _("It is too late to cancel it for nothing: it counts as a use, as the offer said.")
    return _("Nothing is used up: you can book another time, or get your money back.")


def _mine(request: Request, number: str) -> tuple[Actor, Order]:
    actor = order_access.buyer_of(request, scope=Scope.BUY)
    return actor, order_access.order_for_buyer(actor, number)


@idempotent
def _cancel(request: Request, order: Order, actor: Actor, found: Appointment) -> HttpResponse:
    appointments.cancel(appointment_id=found.pk, actor=actor, at=clock.now())
    messages.success(request, _("The appointment is cancelled."))
    return redirect(request, "orders:order", order.number)


@idempotent
def _chosen(
    request: Request, order: Order, actor: Actor, voucher: Voucher, found: Appointment | None
) -> HttpResponse:
    form = TimeForm(request.POST, auto_id="ap-%s")
    if form.is_valid():
        slot, at = form.cleaned_data["slot"], clock.now()
        try:
            if found is None:
                facts = {"order_id": order.pk, "line_id": voucher.pk}
                appointments.book(**facts, slot_id=slot, actor=actor, at=at)
            else:
                appointments.move(appointment_id=found.pk, slot_id=slot, actor=actor, at=at)
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your appointment is booked."))
            return redirect(request, "orders:order", order.number)
    return _times(request, order, voucher, form, found)


def _times(
    request: Request, order: Order, voucher: Voucher, form: TimeForm, found: Appointment | None
) -> HttpResponse:
    said, at = terms.of_line(voucher.line), clock.now()
    rows = slots.open_for(voucher.line.listing_id, after=at + said.book_ahead, until=order.collect_by)
    context = {
        "order": order,
        "thing": thing_of(voucher.line),
        "found": found,
        "until": until_text(appointments.free_until(found, said)) if found else "",
        "slots": rows,
        "said": said,
        "cancel_hours": int(said.cancel_ahead.total_seconds() // 3600),
        "form": form,
    }
    return page(request, "orders/appointment.html", context, status=422 if form.errors else 200)

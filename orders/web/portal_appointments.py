"""A shop's appointments in its portal: who comes on which day, times offered and closed, who didn't come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.limits import ADDRESS_LENGTH
from orders.models import Appointment
from orders.vouchers import access, appointments, slots, terms
from orders.vouchers.slots import Offered
from orders.web.presenting import View, thing_of
from rulebook import current
from web.errors import sentence
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

DAYS = 7
_DAY, _TIME = {"type": "date"}, {"type": "time"}


class OfferForm(Form):
    listing = forms.ChoiceField(
        label=gettext_lazy("Service"),
        error_messages={"required": gettext_lazy("Choose one of your services.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs=_DAY),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )
    starts = forms.TimeField(
        label=gettext_lazy("From"),
        widget=forms.TimeInput(attrs=_TIME),
        error_messages={"required": gettext_lazy("Say when it begins.")},
    )
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        widget=forms.TimeInput(attrs=_TIME),
        error_messages={"required": gettext_lazy("Say when it ends.")},
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("For how many people"),
        min_value=1,
        initial=1,
        error_messages={"required": gettext_lazy("Say for how many people.")},
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=ADDRESS_LENGTH,
        error_messages={"required": gettext_lazy("Say where it takes place.")},
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For so many weeks"),
        help_text=gettext_lazy("1 offers it once; 4 offers it on the same weekday for four weeks."),
        min_value=1,
        initial=1,
    )

    def __init__(self, membership: Membership, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="of-%s", **kwargs)
        field = self.fields["listing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(each.pk), each.working_title) for each in access.services_of(membership)]

    @property
    def has_services(self) -> bool:
        field = self.fields["listing"]
        return isinstance(field, forms.ChoiceField) and bool(field.choices)

    def offered(self, zone: ZoneInfo) -> Offered:
        told = self.cleaned_data
        return Offered(
            UUID(told["listing"]),
            datetime.combine(told["day"], told["starts"], tzinfo=zone),
            datetime.combine(told["day"], told["ends"], tzinfo=zone),
            told["capacity"],
            told["place"],
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """A week of times and who comes; everybody who belongs may read, who keeps the orders offers times."""
    membership = membership_for(request.actor, slug)
    if request.method != "POST":
        return _page(request, membership, OfferForm(membership))
    membership.require(Capability.ORDERS)
    return _offer(request, membership)


@idempotent
def _offer(request: Request, membership: Membership) -> HttpResponse:
    form = OfferForm(membership, request.POST)
    if form.is_valid():
        try:
            slots.offer(
                merchant_id=membership.merchant_id,
                offered=form.offered(_zone(clock.now())),
                weeks=form.cleaned_data["weeks"],
                actor=membership.actor,
                at=clock.now(),
            )
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Offered. Who bought it can book now."))
            return redirect(request, "orders:merchant-appointments", membership.merchant.slug)
    return _page(request, membership, form)


@require_POST
def closing(request: Request, slug: str, slot_id: UUID) -> HttpResponse:
    """Refused while somebody has an appointment then."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    facts = {"merchant_id": membership.merchant_id, "slot_id": slot_id}
    try:
        slots.close(**facts, actor=membership.actor, at=clock.now())
        messages.success(request, _("This time isn't offered any more."))
    except slots.TimeHasAppointments as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-appointments", slug)


@require_POST
@idempotent
def cancellation(request: Request, slug: str, appointment_id: UUID) -> HttpResponse:
    """The shop can't keep it: its buyer is told and loses nothing."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    found = access.appointment_for_merchant(membership, appointment_id)
    try:
        appointments.cancel(appointment_id=found.pk, actor=membership.actor, at=clock.now())
        messages.success(request, _("The appointment is cancelled. Its buyer is told and loses nothing."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-appointments", slug)


@require_POST
@idempotent
def absence(request: Request, slug: str, appointment_id: UUID) -> HttpResponse:
    """Nobody came. What that means stood in the offer."""
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    found = access.appointment_for_merchant(membership, appointment_id)
    try:
        appointments.miss(appointment_id=found.pk, actor=membership.actor, at=clock.now())
        messages.success(request, _("Noted. The buyer is told and can object."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-appointments", slug)


def _zone(at: datetime) -> ZoneInfo:
    return ZoneInfo(current.pack("CN", at).zone)


def _day_of(told: str, zone: ZoneInfo) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return clock.now().astimezone(zone).date()


def _page(request: Request, membership: Membership, form: OfferForm) -> HttpResponse:
    at = clock.now()
    zone = _zone(at)
    first = _day_of(request.GET.get("day", ""), zone)
    start = datetime.combine(first, time.min, tzinfo=zone)
    context = {
        "merchant": membership.merchant,
        "days": _days(membership, start, zone, at=at),
        "before": first - timedelta(days=DAYS) if first > date(2020, 1, 1) else first,
        "after": first + timedelta(days=DAYS) if first < date(2100, 1, 1) else first,
        "form": form,
        "has_services": form.has_services,
        "may_edit": membership.can(Capability.ORDERS),
    }
    return page(request, "orders/portal_appointments.html", context, status=422 if form.errors else 200)


def _days(membership: Membership, start: datetime, zone: ZoneInfo, *, at: datetime) -> list[View]:
    end = start + timedelta(days=DAYS)
    booked = access.booked_in(membership, start, end)
    days: dict[date, list[View]] = {}
    for slot in access.slots_of_merchant(membership, start, end):
        mine = [each for each in booked if each.slot_id == slot.pk]
        waiting = [each for each in mine if each.state == "booked"]
        row = {
            "slot": slot,
            "title": slot.listing.working_title,
            "taken": len(waiting),
            "people": [_person(each, at=at) for each in mine],
            "may_close": not waiting and slot.starts_at > at,
        }
        days.setdefault(slot.starts_at.astimezone(zone).date(), []).append(row)
    return [{"start": rows[0]["slot"].starts_at, "rows": rows} for _day, rows in sorted(days.items())]


def _person(found: Appointment, *, at: datetime) -> View:
    return {
        "it": found,
        "thing": thing_of(found.voucher.line),
        "booked": found.state == "booked",
        "begun": at >= found.slot.starts_at,
        "counts": terms.of_line(found.voucher.line).no_show_counts,
    }

"""The services of an order as its buyer sees them: each line's code, what is left, its appointments."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.mandate_scopes import Scope
from kernel import clock
from orders import access as order_access
from orders.models import Appointment, Order, PointCode, Voucher
from orders.states import OrderState
from orders.vouchers import access, appointments, ending, issuing, slots, terms
from orders.vouchers.sums import UnusedSum
from orders.web import pickup_view
from orders.web.presenting import View, thing_of
from web.formats import money_text
from web.http import Request
from web.idempotency import idempotent
from web.respond import redirect


def of_order(order: Order, *, at: datetime) -> View | None:
    """None for what is no service."""
    if not order.is_voucher:
        return None
    found, booked = issuing.of_order(order), access.appointments_of(order)
    return {
        "until": order.collect_by,
        "open": order.state == OrderState.PAID,
        "rows": [_row(order, each, found, booked, at=at) for each in access.vouchers_of(order)],
    }


def _row(
    order: Order,
    voucher: Voucher,
    found: dict[UUID, PointCode],
    booked: list[Appointment],
    *,
    at: datetime,
) -> View:
    line, said = voucher.line, terms.of_line(voucher.line)
    may_book = order.state == OrderState.PAID and voucher.free > 0
    times = slots.open_for(line.listing_id, after=at + said.book_ahead, until=order.collect_by)
    return {
        **thing_of(line),
        "line": line,
        "voucher": voucher,
        "back": ending.sum_of(voucher, line) if voucher.used and voucher.left else None,
        "by_appointment": said.by_appointment,
        "counts": said.no_show_counts,
        "appointments": [_appointment(order, each, said) for each in booked if each.voucher_id == voucher.pk],
        "book_url": reverse("orders:voucher-booking", args=[order.number, line.pk])
        if may_book and times
        else "",
        "no_times": may_book and said.by_appointment and not times,
        "code_url": reverse("orders:voucher-code", args=[order.number, line.pk]),
        **pickup_view.code_of(found.get(line.pk)),
    }


def _appointment(order: Order, found: Appointment, said: terms.Terms) -> View:
    args = [order.number, found.pk]
    return {
        "it": found,
        "slot": found.slot,
        "booked": found.state == "booked",
        "free_until": appointments.free_until(found, said),
        "move_url": reverse("orders:appointment-move", args=args),
        "cancel_url": reverse("orders:appointment-cancellation", args=args),
    }


def steps(found: UnusedSum) -> list[dict[str, Any]]:
    """How the sum for what wasn't used comes about, for pages and programs."""
    paid = {
        "words": ngettext("Paid for %(n)s use", "Paid for %(n)s uses", found.uses) % {"n": found.uses},
        "amount": found.paid,
    }
    used = {
        "words": ngettext(
            "%(n)s use at the price you paid stays with the shop",
            "%(n)s uses at the price you paid stay with the shop",
            found.used,
        )
        % {"n": found.used},
        "amount": -found.kept,
    }
    before = {"words": _("Went back to you before"), "amount": -found.before}
    return [paid, *([used] if found.used else []), *([before] if found.before else [])]


def told(order: Order, *, at: datetime) -> list[dict[str, Any]]:
    """For the buyer's programs: what is left, what would go back for it now, and when it can be used."""
    live, booked = issuing.of_order(order), access.appointments_of(order)
    return [_told(order, each, live, booked, at=at) for each in access.vouchers_of(order)]


def _told(
    order: Order, voucher: Voucher, live: dict[UUID, PointCode], booked: list[Appointment], *, at: datetime
) -> dict[str, Any]:
    said, back = terms.of_line(voucher.line), ending.sum_of(voucher, voucher.line)
    code, waits = live.get(voucher.pk), order.state == OrderState.PAID
    after, until = at + said.book_ahead, order.collect_by
    return {
        "line": voucher.pk,
        "uses": voucher.uses,
        "used": voucher.used,
        "booked": voucher.booked,
        "left": voucher.left if waits else 0,
        "good_until": until,
        "code": (code.code or "") if code else "",
        "unused_minor": back.amount.minor if waits else 0,
        "steps": [{"words": each["words"], "amount_minor": each["amount"].minor} for each in steps(back)],
        "appointments": [
            {
                "id": each.pk,
                "starts_at": each.slot.starts_at,
                "ends_at": each.slot.ends_at,
                "place": each.slot.place,
                "state": each.state,
                "free_until": appointments.free_until(each, said),
            }
            for each in booked
            if each.voucher_id == voucher.pk
        ],
        "times": slots.open_for(voucher.line.listing_id, after=after, until=until) if waits else [],
    }


def cancelling(order: Order) -> list[str]:
    """What cancelling the unused does, line by line, before anybody decides."""
    rows = []
    for line, found in ending.sums_of(order):
        sums = " ".join(f"{each['words']}: {money_text(each['amount'])}." for each in steps(found))
        rows.append(f"{thing_of(line)['title']} · {sums}")
    return rows


@require_POST
@idempotent
def new_code(request: Request, number: str, line_id: UUID) -> HttpResponse:
    """Another code for a line; the one before redeems nothing any more."""
    actor = order_access.buyer_of(request, scope=Scope.BUY)
    order = order_access.order_for_buyer(actor, number)
    issuing.new_code(order_id=order.pk, line_id=line_id, actor=actor, at=clock.now())
    return redirect(request, "orders:order", number)

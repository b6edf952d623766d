"""Everything an order's page shows, put together once for its buyer and once for its merchant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import serial_handing
from catalog.models import SerialCode
from deadlines import booking
from deadlines.models import Deadline
from kernel.errors import N_
from orders import access, claim_access, compensation
from orders.cover import seeing
from orders.models import FaultClaim, Order, OrderLine, Return
from orders.states import OPEN_RETURN_STATES, OrderState
from orders.vouchers import access as voucher_access
from orders.web import (
    claim_view,
    cover_words,
    means_words,
    parcel_view,
    pickup_view,
    presenting,
    reserved_view,
    taken_words,
    timeline,
    voucher_view,
    way_choice,
)
from orders.web.order_clocks import CLOCKS, MERCHANT_OUTCOMES
from orders.web.presenting import View
from payments import whereabouts
from web.formats import moment_text

STATES = {
    OrderState.AWAITING_PAYMENT: N_("Waiting for payment"),
    OrderState.RESERVED: N_("Reserved"),
    OrderState.PAID: N_("Paid, not sent yet"),
    OrderState.SHIPPED: N_("On its way"),
    OrderState.DELIVERED: N_("Delivered"),
    OrderState.SETTLED: N_("Completed"),
    OrderState.REFUNDED: N_("Refunded"),
    OrderState.CANCELLED: N_("Cancelled"),
    OrderState.EXPIRED: N_("Not paid in time"),
}
# While some of it hasn't come yet.
WAITED_FOR = (OrderState.PAID, OrderState.SHIPPED)


def state_word(order: Order) -> str:
    """Reads the order's lines, which lists fetch with it."""
    if word := reserved_view.state_word(order) or pickup_view.state_word(order):
        return word
    if order.state == OrderState.PAID and any(line.sent_quantity for line in order.lines.all()):
        return _("Partly sent")
    return _(STATES[OrderState(order.state)])


def clocks(
    order: Order, returns: Iterable[Return | FaultClaim], parcels: Iterable[Any], *, seat: str = "buyer"
) -> list[View]:
    """The running deadlines of the order and all that belongs to it, the next one first."""
    references: list[UUID] = [order.pk, *(each.pk for each in returns), *(each.pk for each in parcels)]
    if order.state == OrderState.AWAITING_PAYMENT:
        references.append(order.purchase_id)
    if order.is_voucher:
        references += voucher_access.references(order)
    return [clock(each, seat=seat) for each in booking.open_for(references) if each.kind in CLOCKS]


def next_clocks(orders: Iterable[Order], *, seat: str = "buyer") -> dict[UUID, View]:
    """The first running deadline of each order of a list, all in one query."""
    runs = {
        order.pk: order.purchase_id if order.state == OrderState.AWAITING_PAYMENT else order.pk
        for order in orders
    }
    first = _first_clocks(runs.values(), seat=seat)
    return {order: first[reference] for order, reference in runs.items() if reference in first}


def next_clocks_of_returns(returns: Iterable[Return | FaultClaim]) -> dict[UUID, View]:
    """The first running deadline of each return or claim of the merchant's list, all in one query."""
    return _first_clocks((each.pk for each in returns), seat="member")


def _first_clocks(references: Iterable[UUID], *, seat: str) -> dict[UUID, View]:
    first: dict[UUID, View] = {}
    for found in booking.open_for(references):
        if found.kind in CLOCKS:
            first.setdefault(found.reference, clock(found, seat=seat))
    return first


def clock(found: Deadline, *, seat: str) -> View:
    label, outcome = CLOCKS[found.kind]
    if seat != "buyer":
        outcome = MERCHANT_OUTCOMES.get(found.kind, outcome)
    return {
        "kind": found.kind,
        "label": _(label),
        "outcome": _(outcome),
        "owner": found.owner,
        "due_at": found.due_at,
        "rule_id": found.rule_id,
        "pack_version": found.pack_version,
        "booked_at": found.booked_at,
        "provisional": found.provisional,
    }


def money(order: Order, *, held: bool) -> View | None:
    """The money card; none while nothing has been paid or reserved."""
    if order.state == OrderState.RESERVED:
        return reserved_view.money(order)
    lines = whereabouts.where_is_the_money(order.pk)
    if not lines:
        return None
    places = {str(line.place) for line in lines}
    state = "frozen" if held else "escrow"
    if "held" not in places:
        state = "merchant" if "merchant" in places else "buyer"
    rows = [{"label": line.label, "note": _note(line), "amount": line.amount} for line in lines]
    return {"amount": order.total, "state": state, "lines": rows}


def _note(line: whereabouts.MoneyLine) -> str:
    """Since when it is there, and what moves it next."""
    return _("Since %(moment)s. %(next)s") % {"moment": moment_text(line.since), "next": line.next}


def is_held(order: Order, returns: Iterable[Return], claims: Iterable[FaultClaim]) -> bool:
    if any(each.state in OPEN_RETURN_STATES for each in returns) or any(each.is_open for each in claims):
        return True
    return order.holds.filter(lifted_at__isnull=True).exists()


def lines(
    order: Order, causes: Mapping[UUID, list[View]], claims: Sequence[FaultClaim], *, at: datetime
) -> list[View]:
    found = list(order.lines.all())
    codes = serial_handing.of_lines(line.pk for line in found)
    return [
        {
            **_line(order, line, codes.get(line.pk, ()), at=at),
            **claim_view.of_line(order, line, claims, at=at),
            "causes": causes.get(line.pk, []),
        }
        for line in found
    ]


def _line(order: Order, line: OrderLine, codes: Sequence[SerialCode], *, at: datetime) -> View:
    rights = presenting.line_rights(order, line, at=at)
    delivered = order.state == OrderState.DELIVERED and _in_window(order, at)
    may_return = delivered and line.returnable_quantity > 0
    return {
        **presenting.thing_of(line),
        "line": line,
        "hex": line.pk.hex,
        "rights": rights,
        "warranty": presenting.warranty_of(order, line),
        "return_url": reverse("orders:return", args=[order.number]) if may_return else "",
        "confirmed": line.confirmed,
        "codes": codes,
    }


def _in_window(order: Order, at: datetime) -> bool:
    """Services aren't sent back."""
    return order.window_ends_at is not None and at < order.window_ends_at and not order.is_voucher


def actions(order: Order, *, at: datetime) -> list[View]:
    """At most three, the first one primary."""
    complain = {"label": _("Complain"), "url": reverse("complaints:file-story", args=[order.number])}
    match order.state:
        case OrderState.AWAITING_PAYMENT:
            return [
                {"label": _("Pay"), "url": reverse("orders:payment", args=[order.number])},
                {"label": _("Cancel order"), "url": reverse("orders:cancellation", args=[order.number])},
            ]
        case OrderState.RESERVED:
            return reserved_view.actions(order)
        case OrderState.PAID:
            label = _cancel_label(order, at)
            return [{"label": label, "url": reverse("orders:cancellation", args=[order.number])}, complain]
        case OrderState.SHIPPED:
            label = _("I have picked it up") if order.is_picked_up else _("I have received it")
            return [{"label": label, "url": reverse("orders:delivery", args=[order.number])}, complain]
        case OrderState.DELIVERED if _in_window(order, at):
            return [{"label": _("Return"), "url": reverse("orders:return", args=[order.number])}, complain]
        case OrderState.DELIVERED | OrderState.SETTLED:
            return [complain]
    return []


def _return_of_a_part(order: Order) -> list[View]:
    """While the rest is under way, what has come can go back already."""
    coming = order.state in WAITED_FOR and not order.is_voucher
    if not coming or not any(parcel.delivered_at for parcel in order.outward_parcels):
        return []
    return [{"label": _("Return what has come"), "url": reverse("orders:return", args=[order.number])}]


def _cancel_label(order: Order, at: datetime) -> str:
    if order.is_voucher:
        return _("Cancel what wasn't redeemed")
    if any(line.sent_quantity for line in order.lines.all()):
        return _("Cancel what wasn't sent")
    return _("Cancel and get everything back") if _late(order, at) else _("Cancel order")


def _late(order: Order, at: datetime) -> bool:
    return order.dispatch_by is not None and at >= order.dispatch_by


def buyer_page(order: Order, *, at: datetime) -> View:
    returns, parcels = access.returns_of(order), access.parcels_of(order)
    claims, may_do = claim_access.claims_of(order), actions(order, at=at)
    held, taken = is_held(order, returns, claims), taken_words.of_order(order)
    return {
        "order": order,
        "state_word": state_word(order),
        "reserved": reserved_view.said(order),
        "lines": lines(order, taken["causes_by_line"], claims, at=at),
        "causes": taken["causes"],
        "taxed": presenting.taxed(order, at=at),
        "way": way_choice.of_order(order),
        "pickup": pickup_view.of_order(order),
        "vouchers": voucher_view.of_order(order, at=at),
        "steps": timeline.steps(order),
        "entries": timeline.entries(order),
        "clocks": clocks(order, [*returns, *claims], parcels),
        "money": money(order, held=held),
        "awards": compensation.told(order),
        "means": means_words.of_order(order),
        "earned": means_words.earned(order),
        "actions": [*may_do[:1], *_return_of_a_part(order), *may_do[1:]],
        "returns": returns,
        "covers": [cover_words.cover_row(each, order, at=at) for each in seeing.covers_of(order)],
        "sent": [] if order.goes_nowhere else parcel_view.parcels(order, confirms=order.state in WAITED_FOR),
        "rest": parcel_view.rest(order) if order.state == OrderState.PAID and not order.goes_nowhere else [],
        "parcels": parcels if settings.SANDBOX and not order.goes_nowhere else [],
        "late": order.state == OrderState.PAID and _late(order, at),
        "now": at,
    }

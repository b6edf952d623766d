"""The parcels of an order, as its pages list them: what each holds, and where it is."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.errors import N_
from orders.carriers import registry
from orders.models import Order, OrderLine, Shipment
from orders.scan_kinds import Fate
from orders.web.presenting import View, thing_of

FATE_WORDS = {
    "": N_("Counted as lost"),
    Fate.SILENT: N_("Counted as lost"),
    Fate.LOST: N_("Lost by the carrier"),
    Fate.DAMAGED: N_("Damaged by the carrier"),
    Fate.CAME_BACK: N_("Back at the shop"),
}


def parcels(order: Order, *, confirms: bool = False) -> list[View]:
    """Those to the buyer, the first first. `confirms`: the buyer may say of each that it has come."""
    lines = {line.pk: line for line in order.lines.all()}
    return [
        {
            "place": place,
            "parcel": parcel,
            "number": parcel.tracking_number,
            "carrier": _(registry.title_of(parcel.carrier)),
            "state_word": state_word(parcel),
            "since": parcel.ended_at or parcel.last_scan_at or parcel.handed_over_at,
            "things": [_held(lines[each.line_id], each.quantity) for each in parcel.lines.all()],
            "asked": confirms and parcel.is_asked,
            "deny_url": reverse("orders:parcel-denial", args=[order.number, parcel.pk]),
            "confirm_url": _confirm_url(order, parcel) if confirms and parcel.is_under_way else "",
        }
        for place, parcel in enumerate(order.outward_parcels, start=1)
    ]


def state_word(parcel: Shipment) -> str:
    if parcel.delivered_at is not None:
        return _("Delivered")
    if parcel.lost_at is not None:
        return _(FATE_WORDS[parcel.fate])
    if parcel.denied_at is not None:
        return _("Looked for: the buyer hasn't got it")
    if parcel.refused_at is not None:
        return _("Refused, on its way back")
    return _("Signed for by somebody else") if parcel.is_asked else _("On its way")


def rest(order: Order) -> list[View]:
    """What no parcel holds yet."""
    return [_held(line, line.to_send) for line in order.lines.all() if line.to_send]


def _held(line: OrderLine, quantity: int) -> View:
    return {**thing_of(line), "line": line, "quantity": quantity}


def _confirm_url(order: Order, parcel: Shipment) -> str:
    return reverse("orders:parcel-delivery", args=[order.number, parcel.pk])

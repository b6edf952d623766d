"""What pages say of an order whose shop confirms first: where it and its money stand, what moves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import confirm_terms
from catalog.notices import Notice
from catalog.web import confirm_field
from kernel.errors import N_
from orders import confirm_deadlines
from orders.cart import CartGroup
from orders.models import Order
from orders.states import OrderState
from payments import whereabouts
from web.formats import money_text

CLOCKS = {
    confirm_deadlines.CONFIRMATION: (
        N_("The shop confirms"),
        N_("The order ends. What was reserved is let go; what was paid already goes back whole."),
    ),
}
# Kept in the order in which a shop chooses.
REASONS = {
    "sold_out": gettext_lazy("It is sold out"),
    "cannot_make": gettext_lazy("It can't be made in time"),
    "cannot_send": gettext_lazy("It can't be sent to where it should go"),
}


def state_word(order: Order) -> str:
    """ "" where the order doesn't wait for a shop's word."""
    if order.state == OrderState.RESERVED:
        return _("Reserved: the shop confirms first") if order.is_unconfirmed else _("Reserved")
    if order.state == OrderState.PAID and order.is_unconfirmed:
        return _("Paid: the shop confirms first")
    return ""


def said(order: Order, *, seat: str = "buyer") -> dict[str, Any] | None:
    """The card on an order's page; None where there is nothing to confirm any more."""
    if order.state == OrderState.RESERVED:
        return _reserved(order, seat)
    if order.state != OrderState.PAID or not order.is_unconfirmed:
        return None
    if seat == "buyer":
        text = _(
            "This way of paying can't reserve, so your money is in escrow already. If the shop doesn't"
            " confirm in time, all of it goes back by itself."
        )
    else:
        text = _("The money is in escrow already. If you don't confirm in time, all of it goes back.")
    return {"title": _("The shop confirms first"), "text": text, "asked": True}


def _reserved(order: Order, seat: str) -> dict[str, Any]:
    amount = {"amount": money_text(order.total)}
    if order.is_unconfirmed and seat == "buyer":
        title = _("Your bank reserves the sum, nothing was taken")
        text = _(
            "%(amount)s is set aside at your bank. When the shop confirms, it is taken; when it doesn't,"
            " it is let go. Until then you can cancel with one click."
        )
    elif order.is_unconfirmed:
        title = _("The buyer waits for your word")
        text = _(
            "The buyer's bank reserves %(amount)s. Confirm if you can deliver; then it is taken, and your"
            " time to send begins."
        )
    else:
        title = _("Reserved, and taken in a moment")
        text = _(
            "%(amount)s is reserved at the buyer's bank. It is taken as soon as every shop of this"
            " purchase has said whether it can deliver."
        )
    return {"title": title, "text": text % amount, "asked": order.is_unconfirmed}


def money(order: Order) -> dict[str, Any] | None:
    """The money card while nothing was taken."""
    line = whereabouts.reserved(order.pk)
    if line is None:
        return None
    note = _("Taken when the shop has confirmed; let go if it doesn't.")
    rows = [{"label": line.label, "note": note, "amount": line.amount}]
    return {"amount": order.total, "state": "bank", "lines": rows}


def actions(order: Order) -> list[dict[str, Any]]:
    return [{"label": _("Cancel order"), "url": reverse("orders:cancellation", args=[order.number])}]


def what_cancelling_does(order: Order) -> list[str]:
    amount = {"amount": money_text(order.total)}
    return [
        _("%(amount)s is let go at your bank. Nothing was taken, so no refund is needed.") % amount,
        _("The other orders of this checkout go on."),
    ]


def notices(content: Mapping[str, Any]) -> list[Notice]:
    """What stands beside such goods before the order and in its contract."""
    hours = confirm_terms.hours(content.get("terms") or {})
    return [Notice(_("The shop confirms first"), confirm_field.said(hours), "")] if hours else []


def of_checkout(groups: Iterable[CartGroup]) -> dict[str, Any] | None:
    """What the check page says of the one payment; None where nothing has to be confirmed."""
    asked = list(groups)
    hours = [group.confirm_hours for group in asked if group.confirm_hours]
    if not hours:
        return None
    return {"text": confirm_field.said(max(hours)), "mixed": len(hours) < len(asked) or len(hours) > 1}

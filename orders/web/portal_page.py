"""What the portal's order pages show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import serial_handing
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import access, claim_access, compensation
from orders import cancellation as cancelling
from orders.models import Order
from orders.states import OrderState
from orders.tabs import MERCHANT_TABS
from orders.web import (
    claim_view,
    order_page,
    parcel_view,
    presenting,
    reserved_view,
    taken_words,
    timeline,
    way_choice,
)
from orders.web.presenting import View, thing_of
from orders.web.shipping_forms import TrackingForm
from payments.awards import shown
from web.formats import money_text

# Where a shop's word may be missing.
UNCONFIRMED = (OrderState.RESERVED, OrderState.PAID)
state_word = order_page.state_word
SHIPPING = MERCHANT_TABS


def frame(membership: Membership) -> View:
    """The rail's merchant and its counts."""
    counts = {
        "orders": access.orders_of_merchant(membership)
        .shown_to_merchants()
        .in_tab("to_ship", MERCHANT_TABS)
        .count(),
        "returns": access.returns_of_merchant(membership).waiting_for_merchant().count(),
    }
    return {"merchant": membership.merchant, "counts": counts}


def tabs(words: Mapping[str, str], current: str) -> list[View]:
    return [
        {"url": f"?tab={name}", "label": _(word), "count": None, "current": name == current}
        for name, word in words.items()
    ]


def order_view(
    membership: Membership, order: Order, *, at: datetime, form: TrackingForm | None = None
) -> View:
    returns, parcels = access.returns_of(order), access.parcels_of(order)
    claims = claim_access.claims_of(order)
    held, taken = order_page.is_held(order, returns, claims), taken_words.of_order(order)
    may_act = membership.can(Capability.ORDERS)
    return {
        **frame(membership),
        "order": order,
        "state_word": state_word(order),
        "reserved": reserved_view.said(order, seat="member"),
        "may_confirm": may_act and order.is_unconfirmed and order.state in UNCONFIRMED,
        "reasons": reserved_view.REASONS.items(),
        "has_codes": serial_handing.has_codes(line.listing_id for line in order.lines.all()),
        "things": [
            {**thing_of(line), "line": line, "causes": taken["causes_by_line"].get(line.pk, [])}
            for line in order.lines.all()
        ],
        "causes": taken["causes"],
        "taxed": presenting.taxed(order, at=at),
        "way": way_choice.of_order(order),
        "entries": timeline.entries(order, seat="member"),
        "steps": timeline.steps(order),
        "clocks": order_page.clocks(order, [*returns, *claims], parcels, seat="member"),
        "money": order_page.money(order, held=held),
        "awards": compensation.told(order),
        "returns": returns,
        "claims": [claim_view.row(each) for each in claims],
        "recipient": access.recipient_for_merchant(membership, order, at=at),
        "form": form or TrackingForm(lines=order.lines.all()),
        "sent": [] if order.goes_nowhere else parcel_view.parcels(order),
        "may_ship": may_act and _may_ship(order),
        "may_enter": may_act and order.state in (OrderState.PAID, OrderState.SHIPPED),
        "now": at,
    }


def _may_ship(order: Order) -> bool:
    return order.state == OrderState.PAID and not order.is_voucher and not order.is_unconfirmed


def _on_top(order: Order) -> list[str]:
    """What it costs the shop besides the refund, with the sum as it is reckoned."""
    owed = compensation.if_cancelled(order) if order.state == OrderState.PAID else None
    if owed is None:
        return []
    said = {"amount": money_text(owed.extra), "reckoning": shown.reckoned(owed)}
    return [_("On top you owe the buyer %(amount)s: %(reckoning)s.") % said]


def cancel_page(membership: Membership, order: Order) -> View:
    slug = membership.merchant.slug
    amount = cancelling.worth(order)
    whole = amount == order.left
    title = _("Cancel order %(number)s?") if whole else _("Cancel the rest of order %(number)s?")
    return {
        **frame(membership),
        "order": order,
        "title": title % {"number": order.number},
        "will": [
            _("%(amount)s goes back to the buyer at once.") % {"amount": money_text(amount)},
            *_on_top(order),
            _("It counts as cancelled by you, and the credit page shows it."),
        ],
        "wont": _("A cancelled order can't be taken up again."),
        "back_url": reverse("orders:merchant-order", args=[slug, order.number]),
        "back_label": _("Back to the order"),
        "action": reverse("orders:merchant-cancellation", args=[slug, order.number]),
        "submit": _("Cancel order"),
        "danger": True,
    }

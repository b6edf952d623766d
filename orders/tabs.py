"""The tabs over a list of orders, and the box that finds one: which orders stand where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value

from orders.states import OPEN_CLAIM_STATES, OPEN_RETURN_STATES, OrderState

Tabs = Mapping[str, Q]

# Beside these stands `disputed`, the same for everybody.
TABS: Tabs = {
    "unpaid": Q(state=OrderState.AWAITING_PAYMENT),
    "reserved": Q(state=OrderState.RESERVED),
    "coming": Q(state__in=[OrderState.PAID, OrderState.SHIPPED]),
    "returnable": Q(state=OrderState.DELIVERED),
    "disputed": Q(),
    "all": Q(),
}
# A shop's word is still missing; its money may be taken already, where a provider couldn't reserve.
UNCONFIRMED = Q(confirm_hours__isnull=False, confirmed_at__isnull=True)
# Naming `paid_at` lets the index of a shop's paid orders serve them.
_PAID = Q(state=OrderState.PAID, paid_at__isnull=False)
MERCHANT_TABS: Tabs = {
    "to_confirm": UNCONFIRMED & Q(state__in=[OrderState.RESERVED, OrderState.PAID]),
    "to_ship": _PAID & ~Q(delivery="voucher") & ~UNCONFIRMED,
    "to_redeem": _PAID & Q(delivery="voucher"),
    "shipped": Q(state__in=[OrderState.SHIPPED, OrderState.DELIVERED], paid_at__isnull=False),
    "disputed": Q(),
    "all": ~Q(state__in=[OrderState.AWAITING_PAYMENT, OrderState.EXPIRED]),
}


def chosen(tab: str, among: Tabs = TABS) -> Q:
    """The condition of a tab; of all of them for a name that isn't there."""
    return Q(pk__in=_disputed()) if tab == "disputed" else among.get(tab, among["all"])


# Each of these begins with the few rows that are open or found, never with all orders there are.
def _disputed() -> QuerySet[Any, Any]:
    open_returns = [str(state) for state in OPEN_RETURN_STATES]
    open_claims = [str(state) for state in OPEN_CLAIM_STATES]
    held = _model("OrderHold").filter(lifted_at__isnull=True).values("order")
    returned = _model("Return").filter(state__in=open_returns).values("order")
    return held.union(returned, _model("FaultClaim").filter(state__in=open_claims).values("order"))


def found(text: str) -> QuerySet[Any, Any]:
    """Orders whose number begins so, or with a parcel of this number."""
    # LIKE isn't leakproof: behind row-level security it would read every order of the shop first.
    begins = Func(F("number"), Value(text), function="starts_with", output_field=BooleanField())
    parcels = _model("Shipment").filter(tracking_number=text).values("order")
    return _model("Order").filter(begins).values("pk").union(parcels)


def _model(name: str) -> QuerySet[Model]:
    rows: QuerySet[Model] = apps.get_model("orders", name)._default_manager.order_by()
    return rows

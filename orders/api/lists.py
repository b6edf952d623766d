"""How lists of orders, returns and refunds are asked for: pages, filters, order; nothing else is heard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from orders.queries import FaultClaimQuerySet, OrderQuerySet, ReturnQuerySet
from orders.states import ClaimState, OrderState, ReturnState
from orders.tabs import MERCHANT_TABS, TABS
from web.api_input import PageQuery

ORDER_SORTS = {
    "newest": ("-placed_at", "-id"),
    "oldest": ("placed_at", "id"),
    "dispatch_by": ("dispatch_by", "id"),
}
RETURN_SORTS = {"newest": ("-asked_at", "-id"), "oldest": ("asked_at", "id")}


class SpanQuery(PageQuery):
    """`from` counts, `to` doesn't; both with their zone."""

    def get_fields(self) -> dict[str, Any]:
        ends = {name: serializers.DateTimeField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **ends}


class OrderQuery(SpanQuery):
    state = serializers.ChoiceField([str(each) for each in OrderState], required=False)
    sort = serializers.ChoiceField(list(ORDER_SORTS), required=False)


class OwnOrderQuery(OrderQuery):
    tab = serializers.ChoiceField(list(TABS), default="all")


class ShopOrderQuery(OrderQuery):
    tab = serializers.ChoiceField(list(MERCHANT_TABS), default="all")


class ReturnQuery(SpanQuery):
    state = serializers.ChoiceField([str(each) for each in ReturnState], required=False)
    sort = serializers.ChoiceField(list(RETURN_SORTS), default="newest")


class ClaimQuery(SpanQuery):
    state = serializers.ChoiceField([str(each) for each in ClaimState], required=False)
    sort = serializers.ChoiceField(list(RETURN_SORTS), default="newest")


def orders(found: OrderQuerySet, query: dict[str, Any], *, sort: str) -> OrderQuerySet:
    """Filtered and sorted as asked, else by `sort`."""
    if "state" in query:
        found = found.filter(state=query["state"])
    found = _span(found, "placed_at", query)
    return found.order_by(*ORDER_SORTS[query.get("sort", sort)]).with_lines().with_parcels()


def returns(found: ReturnQuerySet, query: dict[str, Any]) -> ReturnQuerySet:
    if "state" in query:
        found = found.filter(state=query["state"])
    found = _span(found, "asked_at", query)
    ordered = found.order_by(*RETURN_SORTS[query["sort"]])
    return ordered.select_related("order__merchant").prefetch_related("lines")


def claims(found: FaultClaimQuerySet, query: dict[str, Any]) -> FaultClaimQuerySet:
    if "state" in query:
        found = found.filter(state=query["state"])
    ordered: FaultClaimQuerySet = _span(found, "asked_at", query).order_by(*RETURN_SORTS[query["sort"]])
    return ordered


def _span(found: Any, column: str, query: dict[str, Any]) -> Any:
    first: datetime | None = query.get("from")
    last: datetime | None = query.get("to")
    if first:
        found = found.filter(**{f"{column}__gte": first})
    return found.filter(**{f"{column}__lt": last}) if last else found

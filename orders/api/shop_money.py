"""Refunds of a shop's orders and its account, for its programs; and what went back of one order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.token_scopes import Scope
from kernel import clock
from kernel.errors import N_, Invalid
from merchants.api import ShopAPI
from orders import access
from orders.api.described import REFUSALS
from orders.api.lists import SpanQuery
from orders.api.serializers import (
    AccountSerializer,
    MoneyPageSerializer,
    RefundPageSerializer,
)
from orders.models import Order
from payments import shop_account, whereabouts
from payments.access import refunds_of
from payments.lifecycle import RefundState
from web.api_input import asked, page_of

LONGEST = timedelta(days=366)


class RefundQuery(SpanQuery):
    state = serializers.ChoiceField([str(each) for each in RefundState], required=False)


class AccountQuery(SpanQuery):
    def get_fields(self) -> dict[str, Any]:
        ends = {name: serializers.DateTimeField() for name in ("from", "to")}
        return {**super().get_fields(), **ends}


class SpanUnusable(Invalid):
    code = "span_unusable"
    message = N_("“from” must lie before “to”, and at most %(days)s days before it.")


def refunds_told(order: Order) -> dict[str, Any]:
    """What goes or went back of one order, and where its money is."""
    lines = whereabouts.where_is_the_money(order.pk)
    return {
        "order": order.number,
        "refunds": [_refund(each, order.number) for each in refunds_of([order.pk])],
        "money": [
            {"place": each.place, "amount": each.amount, "since": each.since, "next": each.next}
            for each in lines
        ],
    }


def _refund(refund: Any, number: str) -> dict[str, Any]:
    return {
        "id": refund.pk,
        "order": number,
        "purpose": refund.purpose.partition(":")[0],
        "state": refund.state,
        "amount": refund.amount,
        "requested_at": refund.requested_at,
        "settled_at": refund.settled_at,
    }


class ShopRefunds(ShopAPI):
    """Money on its way back to the shop's buyers, the newest first."""

    scopes = {"GET": Scope.MONEY_READ}

    @extend_schema(
        parameters=[RefundQuery],
        responses={200: RefundPageSerializer, **REFUSALS},
        operation_id="shop_refunds",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = asked(RefundQuery, request)
        mine = access.orders_of_merchant(self.membership)
        found = refunds_of(mine.values("pk"))
        for name, value in (("state", "state"), ("from", "requested_at__gte"), ("to", "requested_at__lt")):
            found = found.filter(**{value: query[name]}) if name in query else found
        page = page_of(found, query)
        numbers = mine.numbers(each.reference for each in page["results"])
        page["results"] = [_refund(each, numbers[each.reference]) for each in page["results"]]
        return Response(RefundPageSerializer(page).data)


class ShopOrderMoney(ShopAPI):
    """One order's refunds and where its money is."""

    scopes = {"GET": Scope.MONEY_READ}

    @extend_schema(responses={200: MoneyPageSerializer, **REFUSALS}, operation_id="shop_order_refunds")
    def get(self, request: Request, slug: str, number: str) -> Response:
        order = access.order_for_merchant(self.membership, number)
        return Response(MoneyPageSerializer(refunds_told(order)).data)


class ShopAccount(ShopAPI):
    """The shop's account over a span: opening sum, every line, closing sum; they add up to the fen."""

    scopes = {"GET": Scope.MONEY_READ}

    @extend_schema(
        parameters=[AccountQuery],
        responses={200: AccountSerializer, **REFUSALS},
        operation_id="shop_account",
    )
    def get(self, request: Request, slug: str) -> Response:
        query = asked(AccountQuery, request)
        span = {"first": query["from"], "last": min(query["to"], clock.now())}
        if not timedelta(0) < query["to"] - query["from"] <= LONGEST:
            raise SpanUnusable(field="from", days=LONGEST.days)
        return Response(AccountSerializer(self._told(query, span)).data)

    def _told(self, query: dict[str, Any], span: dict[str, Any]) -> dict[str, Any]:
        shop = self.membership.merchant_id
        sums, size, page = shop_account.span_of(shop, **span), query["page_size"], query["page"]
        lines = shop_account.lines_of(shop, **span, part=slice((page - 1) * size, page * size))
        numbers = access.orders_of_merchant(self.membership).numbers(shop_account.references(lines))
        return {
            "opening": sums.opening,
            "came": sums.came,
            "left": sums.left,
            "closing": sums.closing,
            "total": sums.count,
            "page": page,
            "page_size": size,
            "next": page + 1 if page * size < sums.count else None,
            "results": [_account_line(each, numbers.get(each.reference)) for each in lines],
        }


def _account_line(line: shop_account.AccountLine, number: str | None) -> dict[str, Any]:
    purpose = line.purpose.partition(":")[0]
    return {"id": line.id, "at": line.at, "order": number, "purpose": purpose, "amount": line.amount}

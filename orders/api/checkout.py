"""One checkout for a person's programs; paying itself stays on the payment's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.own import OwnAPI
from accounts.token_scopes import Scope
from kernel import clock
from kernel.money import Money
from orders import access, cart
from orders import checkout as buying
from orders.api import ways
from orders.api.buying_serializers import CheckoutInSerializer, CheckoutSerializer
from orders.api.described import KEY, REFUSALS, STEP_REFUSALS
from orders.arranged import Cart
from orders.recipients import Recipient
from payments.access import payment_of
from payments.starting import payment_url
from web.api_input import read
from web.keyed import KeyedStep


class OwnCheckouts(OwnAPI, KeyedStep):
    """Order what is in the cart, or `only` a part of it, for exactly the total that was seen."""

    scopes = {"POST": Scope.OWN_BUY}
    status = 201

    @extend_schema(
        parameters=[KEY],
        request=CheckoutInSerializer,
        responses={201: CheckoutSerializer, **STEP_REFUSALS},
        operation_id="own_checkout",
    )
    def post(self, request: Request, **where: Any) -> Response:
        return super().post(request, **where)

    def act(self, request: Request, **where: Any) -> str:
        sent, now = read(CheckoutInSerializer, request), clock.now()
        found = self._cart(sent, now)
        done = buying.place_orders(
            subject_id=self.subject_id,
            recipient=Recipient(**sent["recipient"]),
            confirmations=sent.get("confirmations", {}),
            variant_ids=sent.get("only"),
            seen_total=Money(sent["seen_total_minor"]),
            destination=sent["destination"],
            coupons=_picks(found, sent.get("coupons", {})),
            ways=ways.chosen(found, sent.get("ways", {})),
            actor=self.actor,
            at=now,
        )
        return reverse("orders-api:own-checkout", args=[done.payment.number])

    def _cart(self, sent: dict[str, Any], at: datetime) -> Cart:
        """As the choices name it; read only where there are any."""
        if not sent.get("coupons") and not sent.get("ways"):
            return Cart((), ())
        return cart.contents(subject_id=self.subject_id, place=sent["destination"], at=at, ways={})

    def told(self, request: Request, key: str, **where: Any) -> Any:
        return told(self, key)


def _picks(found: Cart, wanted: dict[str, UUID | None]) -> dict[UUID, UUID | None]:
    shops = {group.merchant.slug: group.merchant.pk for group in (*found.groups, *found.elsewhere)}
    for slug in wanted:
        if slug not in shops:
            raise ways.NoSuchShop(field="coupons", shop=slug[:40])
    return {shops[slug]: coupon for slug, coupon in wanted.items()}


class OwnCheckout(OwnAPI):
    """A checkout as it stands: its payment and its orders."""

    scopes = {"GET": Scope.OWN_BUY}

    @extend_schema(responses={200: CheckoutSerializer, **REFUSALS}, operation_id="own_checkout_read")
    def get(self, request: Request, number: str) -> Response:
        return Response(told(self, number))


def told(view: OwnAPI, number: str) -> Any:
    """:raises NotFound: also for somebody else's payment"""
    payment = payment_of(view.actor, number)
    shown = {
        "number": payment.number,
        "state": payment.state,
        "amount": Money(payment.amount_minor, payment.currency),
        "expires_at": payment.expires_at,
        "pay_at": payment_url(payment.number),
    }
    return CheckoutSerializer({"payment": shown, "orders": access.orders_of_payment(view.actor, number)}).data

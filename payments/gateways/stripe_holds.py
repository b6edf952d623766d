"""Stripe reserves: a session whose payment intent is captured by hand.

Source: docs.stripe.com/payments/place-a-hold-on-a-payment-method and /api/payment_intents (capture, cancel),
read 2026-11. A capture below the whole sets the rest free; a card's hold ends after seven days by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from kernel.money import Money
from payments.gateways.authorising import Authorised, AuthorisedIs, AuthorisedTold
from payments.gateways.protocol import Answer, Handover, Intent, Request, Sight, Trade, TradeState
from payments.gateways.stripe import StripeGateway

STATES = {
    "requires_capture": AuthorisedIs.HELD,
    "succeeded": AuthorisedIs.CAPTURED,
    "canceled": AuthorisedIs.RELEASED,
}


class StripeAuthoriser:
    name = "stripe"
    # Visa's shortest for a payment that the customer starts, less a day of ours.
    lasts = timedelta(days=5)

    def __init__(self, gateway: StripeGateway) -> None:
        self._gateway = gateway

    def begin(self, intent: Intent, *, at: datetime) -> Request:
        made = self._gateway.begin(intent, at=at)
        fields = [*parse_qsl(made.body.decode()), ("payment_intent_data[capture_method]", "manual")]
        return replace(made, body=urlencode(fields).encode())

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        return self._gateway.read_begin(answer, at=at)

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        path = f"/v1/checkout/sessions/{quote(trade.reference, safe='')}"
        return self._gateway.get(f"{path}?{urlencode({'expand[]': 'payment_intent'})}")

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        found = self._gateway.read(answer)
        intent = found.get("payment_intent")
        if not isinstance(intent, dict):
            return Sight(TradeState.CLOSED if found.get("status") == "expired" else TradeState.WAITING)
        name, status = str(intent["id"]), STATES.get(str(intent.get("status")))
        if status is AuthorisedIs.HELD:
            held = _money(intent, "amount_capturable")
            return Sight(TradeState.AUTHORISED, "", held, name)
        if status is AuthorisedIs.CAPTURED:
            return Sight(TradeState.PAID, name, _money(intent, "amount_received"))
        over = status is AuthorisedIs.RELEASED or found.get("status") == "expired"
        return Sight(TradeState.CLOSED if over else TradeState.WAITING)

    def close(self, trade: Trade, *, at: datetime) -> Request:
        return self._gateway.close(trade, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        self._gateway.read_closed(answer, at=at)

    def capture(self, one: Authorised, *, at: datetime) -> Request:
        fields = {"amount_to_capture": str(one.amount.minor)}
        return self._gateway.post(f"{_path(one)}/capture", fields, key=one.key)

    def read_captured(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        return self.read_now(answer, one, at=at)

    def release(self, one: Authorised, *, at: datetime) -> Request:
        return self._gateway.post(f"{_path(one)}/cancel", {}, key=one.key)

    def read_released(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        return self.read_now(answer, one, at=at)

    def ask_now(self, one: Authorised, *, at: datetime) -> Request:
        return self._gateway.get(_path(one))

    def read_now(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        found = self._gateway.read(answer)
        state = STATES.get(str(found.get("status")), AuthorisedIs.AGAIN)
        if state is not AuthorisedIs.CAPTURED:
            return AuthorisedTold(state, reason=str(found.get("cancellation_reason") or ""))
        return AuthorisedTold(state, str(found["id"]), _money(found, "amount_received"))


def _path(one: Authorised) -> str:
    return f"/v1/payment_intents/{quote(one.reference, safe='')}"


def _money(intent: dict[str, Any], field: str) -> Money:
    return Money(int(intent[field]), str(intent["currency"]).upper())

"""The sandbox reserves: its till sets the sum aside, and its interface takes it or lets it go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from kernel.money import Money
from payments.gateways import documents, sandbox_keys
from payments.gateways.authorising import Authorised, AuthorisedIs, AuthorisedTold
from payments.gateways.protocol import (
    Answer,
    Handover,
    Intent,
    Request,
    Sight,
    Trade,
    TradeState,
    TurnedDown,
    Unclear,
)
from payments.gateways.sandbox import SandboxGateway, signed_request


class SandboxAuthoriser:
    name = "sandbox"
    lasts = timedelta(days=7)

    def __init__(self, gateway: SandboxGateway) -> None:
        self._gateway = gateway

    def begin(self, intent: Intent, *, at: datetime) -> Handover:
        return self._gateway.at_till(intent, holds=True)

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        return self._gateway.read_begin(answer, at=at)

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        return _call({"payment": trade.number}, at=at)

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        if answer.status == 404:
            return Sight(TradeState.UNKNOWN)
        found = _read(answer)
        told = _told(found)
        if told.state is AuthorisedIs.CAPTURED:
            return Sight(TradeState.PAID, told.charge_id, told.amount)
        if told.state is AuthorisedIs.RELEASED:
            return Sight(TradeState.CLOSED)
        return Sight(TradeState.AUTHORISED, "", _money(found), documents.text(found, "hold"))

    def close(self, trade: Trade, *, at: datetime) -> Request:
        return self.ask(trade, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        if self.read_asked(answer, at=at).state in (TradeState.AUTHORISED, TradeState.PAID):
            raise TurnedDown("authorised")

    def capture(self, one: Authorised, *, at: datetime) -> Request:
        return _call({"payment": one.number, "take": one.amount.minor}, at=at)

    def read_captured(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        return _told(_read(answer))

    def release(self, one: Authorised, *, at: datetime) -> Request:
        return _call({"payment": one.number, "take": 0}, at=at)

    def read_released(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        return _told(_read(answer))

    def ask_now(self, one: Authorised, *, at: datetime) -> Request:
        return _call({"payment": one.number}, at=at)

    def read_now(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        return _told(_read(answer))


def _call(facts: dict[str, Any], *, at: datetime) -> Request:
    body = {"account": sandbox_keys.ACCOUNT, **facts}
    return signed_request(reverse("payments:sandbox_holds"), body, at=at)


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status in (404, 409, 422):
        raise TurnedDown(str(answer.status))
    if answer.status != 200:
        raise Unclear(f"status {answer.status}")
    return documents.read(answer.body)


def _told(found: dict[str, Any]) -> AuthorisedTold:
    state = AuthorisedIs(documents.text(found, "state"))
    if state is not AuthorisedIs.CAPTURED:
        return AuthorisedTold(state)
    return AuthorisedTold(state, documents.text(found, "charge"), _money(found))


def _money(found: dict[str, Any]) -> Money:
    return Money(documents.whole(found, "amount"), documents.text(found, "currency"))

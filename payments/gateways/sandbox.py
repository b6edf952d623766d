"""The sandbox provider as a gateway; its messages are described in docs/payments-sandbox.md."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from kernel.errors import N_
from kernel.money import EXPONENTS, Money
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import (
    Answer,
    DisputeIs,
    DisputeTold,
    ForgedNotice,
    Handover,
    Intent,
    Notice,
    NoticeKind,
    Outcome,
    Receipt,
    RefundOrder,
    Request,
    Sight,
    StatementLine,
    StatementPart,
    Trade,
    TradeState,
    TurnedDown,
    Unclear,
)


class SandboxGateway:
    """No real money. Payers choose on its page what happens, so that every ending can be tried."""

    name = "sandbox"
    currencies = frozenset(EXPONENTS)
    zone = "UTC"
    title = N_("Practice bank")
    explanation = N_("No real money. You choose on its page how the payment ends.")

    def is_offered(self) -> bool:
        return bool(settings.SANDBOX)

    def begin(self, intent: Intent, *, at: datetime) -> Handover:
        return self.at_till(intent)

    def at_till(self, intent: Intent, *, holds: bool = False) -> Handover:
        """The till's address; `holds`: the sum is only set aside there."""
        order: dict[str, Any] = {
            "account": sandbox_keys.ACCOUNT,
            "amount": intent.amount.minor,
            "currency": intent.amount.currency,
            "expires": int(intent.expires_at.timestamp()),
            "payment": intent.number,
            "return": urlsplit(intent.return_url).path,
        } | ({"holds": True} if holds else {})
        return Handover(url=reverse("payments:sandbox", args=[seal(order)]))

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        raise Unclear("the sandbox is reached by an address, not by a call")

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        body = {"account": sandbox_keys.ACCOUNT, "payment": trade.number}
        return signed_request(reverse("payments:sandbox_payments"), body, at=at)

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        if answer.status == 404:
            return Sight(TradeState.UNKNOWN)
        if answer.status != 200:
            raise Unclear(f"status {answer.status}")
        found = json.loads(answer.body)
        return Sight(TradeState.PAID, found["charge"], Money(int(found["amount"]), found["currency"]))

    def close(self, trade: Trade, *, at: datetime) -> Request:
        return self.ask(trade, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        # The till closes by its clock; what was paid there before isn't closed any more.
        if self.read_asked(answer, at=at).state is TradeState.PAID:
            raise TurnedDown("paid")

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        if not settings.SANDBOX:
            raise ForgedNotice()
        secrets = sandbox_keys.secrets(sandbox_keys.WEBHOOK)
        signing.verify(headers, body, secrets=secrets, at=at)
        document = documents.read(body)
        # Genuine, but for another customer, or real money where there can be none.
        if document.get("account") != sandbox_keys.ACCOUNT or document.get("live") is not False:
            raise ForgedNotice()
        return _notice(document)

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request:
        body = {
            "account": sandbox_keys.ACCOUNT,
            "amount": order.amount.minor,
            "charge": order.charge_id,
            "currency": order.amount.currency,
            "key": order.key,
        }
        return signed_request(reverse("payments:sandbox_refunds"), body, at=at)

    def receipt(self) -> Receipt:
        return Receipt()

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome:
        if answer.status in (200, 202):
            return Outcome.ACCEPTED
        # Only a plain "no" ends it: silence and faults leave it open, so we ask again with the same key.
        return Outcome.REFUSED if answer.status == 422 else Outcome.AGAIN

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request:
        # The same order with the same key changes nothing and is answered again.
        return self.refund_request(order, at=at)

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome:
        outcome = self.read_refund_answer(answer, at=at)
        if outcome is not Outcome.ACCEPTED:
            return outcome
        state = documents.read(answer.body or b"{}").get("state")
        ended = {"paid": Outcome.PAID, "failed": Outcome.REFUSED}
        return ended.get(str(state), Outcome.ACCEPTED)

    def statement_request(self, day: date, *, at: datetime) -> Request:
        body = {"account": sandbox_keys.ACCOUNT, "day": day.isoformat()}
        return signed_request(reverse("payments:sandbox_statement"), body, at=at)

    def further_statements(self, day: date, *, at: datetime) -> tuple[Request, ...]:
        return ()

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart:
        if answer.status != 200:
            raise Unclear(f"the sandbox gave no statement: {answer.status}")
        return StatementPart(
            tuple(
                StatementLine(line["kind"], line["key"], Money(int(line["amount"]), line["currency"]))
                for line in json.loads(answer.body)["lines"]
            )
        )

    def ask_dispute(self, dispute_id: str, *, at: datetime) -> Request:
        return _dispute({"dispute": dispute_id}, at=at)

    def read_dispute(self, answer: Answer, *, at: datetime) -> DisputeTold:
        if answer.status != 200:
            raise Unclear(f"status {answer.status}")
        found = documents.read(answer.body)
        return DisputeTold(
            documents.text(found, "dispute"),
            documents.text(found, "charge"),
            Money(documents.whole(found, "amount"), documents.text(found, "currency")),
            DisputeIs(documents.text(found, "state")),
            answer_by=datetime.fromtimestamp(documents.whole(found, "answer_by"), UTC),
        )

    def answer_dispute(self, dispute_id: str, evidence: str, *, at: datetime) -> Request:
        return _dispute({"dispute": dispute_id, "contested": bool(evidence)}, at=at)

    def read_dispute_answered(self, answer: Answer, *, at: datetime) -> None:
        self.read_dispute(answer, at=at)


def _dispute(facts: dict[str, Any], *, at: datetime) -> Request:
    facts = {"account": sandbox_keys.ACCOUNT, **facts}
    return signed_request(reverse("payments:sandbox_disputes"), facts, at=at)


def signed_request(path: str, body: dict[str, Any], *, at: datetime) -> Request:
    raw = documents.write(body)
    headers = signing.sign(raw, secret=sandbox_keys.secrets(sandbox_keys.API)[0], at=at)
    return Request(path, raw, {"content-type": "application/json", **headers})


def _notice(document: dict[str, Any]) -> Notice:
    kind = documents.text(document, "kind")
    if kind not in set(NoticeKind):
        raise ForgedNotice()
    event_id = documents.text(document, "id")
    currency = documents.text(document, "currency", limit=3)
    if not event_id or currency not in EXPONENTS:
        raise ForgedNotice()
    return Notice(
        event_id=event_id,
        kind=NoticeKind(kind),
        trade_number=documents.text(document, "payment"),
        charge_id=documents.text(document, "charge"),
        amount_minor=documents.whole(document, "amount"),
        currency=currency,
        refund_key=documents.text(document, "refund"),
        body=document,
        dispute_id=documents.text(document, "dispute"),
        payout_key=documents.text(document, "payout"),
        authorisation_id=documents.text(document, "authorisation"),
    )


def seal(order: dict[str, Any]) -> str:
    """An order as a text for an address: its document and our signature."""
    raw = documents.write(order)
    digest = signing.digest(sandbox_keys.secrets(sandbox_keys.CHECKOUT)[0], b"checkout", raw)
    return f"{base64.urlsafe_b64encode(raw).decode().rstrip('=')}.{digest}"


def unseal(token: str) -> dict[str, Any]:
    """The order in `token`. :raises ForgedNotice: when we didn't write it"""
    text, _, given = token.partition(".")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise ForgedNotice() from None
    keys = sandbox_keys.secrets(sandbox_keys.CHECKOUT)
    if not any(signing.same(given, signing.digest(key, b"checkout", raw)) for key in keys):
        raise ForgedNotice()
    return documents.read(raw)

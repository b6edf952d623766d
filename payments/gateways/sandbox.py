"""The sandbox provider as a gateway; its messages are described in docs/payments-sandbox.md."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from kernel.errors import N_
from kernel.money import EXPONENTS, Money
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import (
    Answer,
    ForgedNotice,
    Intent,
    Notice,
    NoticeKind,
    Outcome,
    RefundOrder,
    Request,
    StatementLine,
)


class SandboxGateway:
    """No real money. Payers choose on its page what happens, so that every ending can be tried."""

    name = "sandbox"
    title = N_("Practice bank")
    explanation = N_("No real money. You choose on its page how the payment ends.")

    def is_offered(self) -> bool:
        return bool(settings.SANDBOX)

    def checkout_url(self, intent: Intent, *, at: datetime) -> str:
        order = {
            "account": sandbox_keys.ACCOUNT,
            "amount": intent.amount.minor,
            "currency": intent.amount.currency,
            "expires": int(intent.expires_at.timestamp()),
            "payment": intent.number,
            "return": intent.return_path,
        }
        return reverse("payments:sandbox", args=[seal(order)])

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
        return _request(reverse("payments:sandbox_refunds"), body, at=at)

    def read_refund_answer(self, answer: Answer) -> Outcome:
        if answer.status in (200, 202):
            return Outcome.ACCEPTED
        # Only a plain "no" ends it: silence and faults leave it open, so we ask again with the same key.
        return Outcome.REFUSED if answer.status == 422 else Outcome.AGAIN

    def statement_request(self, day: date, *, at: datetime) -> Request:
        body = {"account": sandbox_keys.ACCOUNT, "day": day.isoformat()}
        return _request(reverse("payments:sandbox_statement"), body, at=at)

    def read_statement(self, answer: Answer) -> list[StatementLine]:
        if answer.status != 200:
            raise ValueError(f"the sandbox gave no statement: {answer.status}")
        lines = json.loads(answer.body)["lines"]
        return [
            StatementLine(line["kind"], line["key"], Money(int(line["amount"]), line["currency"]))
            for line in lines
        ]


def _request(path: str, body: dict[str, Any], *, at: datetime) -> Request:
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
        payment_number=documents.text(document, "payment"),
        charge_id=documents.text(document, "charge"),
        amount_minor=documents.whole(document, "amount"),
        currency=currency,
        refund_key=documents.text(document, "refund"),
        body=document,
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

"""Stripe: forms one way with our idempotency key, JSON the other; notices under an HMAC with a time.

Source: docs.stripe.com/api (Checkout Sessions, Refunds, Balance Transactions, Events) and
docs.stripe.com/webhooks#verify-manually, read 2026-11.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from kernel.errors import N_
from kernel.money import EXPONENTS, Money
from payments.gateways import credentials, documents
from payments.gateways.protocol import (
    Answer,
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
from payments.gateways.signing import WINDOW_SECONDS, same

VERSION = "2025-09-30.clover"
SIGNATURE = "stripe-signature"
PAGE = 100
REFUNDS = {
    "succeeded": Outcome.PAID,
    "pending": Outcome.ACCEPTED,
    "requires_action": Outcome.ACCEPTED,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}
_PART = re.compile(r"(t|v1)=([0-9a-f]+)", re.ASCII)


class StripeGateway:
    name = "stripe"
    title = N_("Card or wallet (Stripe)")
    explanation = N_(
        "You pay on Stripe's page by card or wallet. We hold the money until you have the goods."
    )
    currencies = frozenset(EXPONENTS)
    pays_out = False
    zone = "UTC"

    def is_offered(self) -> bool:
        return credentials.stripe() is not None

    def begin(self, intent: Intent, *, at: datetime) -> Request:
        # Stripe wants at least half an hour, and the same body for the same key whenever it is sent.
        end = intent.expires_at + timedelta(minutes=30)
        fields = {
            "mode": "payment",
            "client_reference_id": intent.number,
            "success_url": intent.return_url,
            "cancel_url": intent.return_url,
            "expires_at": str(int(end.timestamp())),
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": intent.amount.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(intent.amount.minor),
            "line_items[0][price_data][product_data][name]": intent.subject,
            "payment_intent_data[metadata][trade]": intent.number,
        }
        return self._post("/v1/checkout/sessions", fields, key=intent.key)

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        found = self._read(answer)
        return Handover(url=str(found["url"]), reference=str(found["id"]))

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        return self._get(f"/v1/checkout/sessions/{quote(trade.reference, safe='')}")

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        found = self._read(answer)
        if found.get("payment_status") == "paid":
            currency = str(found["currency"]).upper()
            return Sight(
                TradeState.PAID, str(found["payment_intent"]), Money(int(found["amount_total"]), currency)
            )
        return Sight(TradeState.CLOSED if found.get("status") == "expired" else TradeState.WAITING)

    def close(self, trade: Trade, *, at: datetime) -> Request:
        path = f"/v1/checkout/sessions/{quote(trade.reference, safe='')}/expire"
        return self._post(path, {}, key=f"close-{trade.number}")

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        self._read(answer)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        keys = credentials.stripe()
        if keys is None:
            raise ForgedNotice()
        verify(headers.get(SIGNATURE, ""), body, secrets=keys.webhook_secrets, at=at)
        event = _document(body)
        # Genuine, but practice money where real money is due, or the reverse.
        if event.get("livemode") is not keys.live:
            raise ForgedNotice()
        return _notice(event)

    def receipt(self) -> Receipt:
        return Receipt()

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request:
        fields = {
            "payment_intent": order.charge_id,
            "amount": str(order.amount.minor),
            "metadata[refund]": order.key,
        }
        return self._post("/v1/refunds", fields, key=order.key)

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome:
        try:
            found = self._read(answer)
        except Unclear:
            return Outcome.AGAIN
        except TurnedDown:
            return Outcome.REFUSED
        return REFUNDS.get(str(found.get("status")), Outcome.AGAIN)

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request:
        # The same order with the same key gives the refund as it was made; its list gives it as it is.
        return self._get(f"/v1/refunds?payment_intent={quote(order.charge_id, safe='')}&limit={PAGE}")

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome:
        try:
            rows = self._read(answer)["data"]
        except Unclear:
            return Outcome.AGAIN
        found = [one for one in rows if (one.get("metadata") or {}).get("refund") == order.key]
        return REFUNDS.get(str(found[0].get("status")), Outcome.AGAIN) if found else Outcome.AGAIN

    def statement_request(self, day: date, *, at: datetime) -> Request:
        return self._statement(day)

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart:
        found = self._read(answer)
        rows = list(found["data"])
        lines = tuple(
            _line(one) for one in rows if one["type"] in ("charge", "payment", "refund", "payment_refund")
        )
        if not found.get("has_more") or not rows:
            return StatementPart(lines)
        day = datetime.fromtimestamp(int(rows[-1]["created"]), UTC).date()
        return StatementPart(lines, self._statement(day, after=str(rows[-1]["id"])))

    def _statement(self, day: date, *, after: str = "") -> Request:
        begins = datetime.combine(day, time(), UTC)
        query = {
            "created[gte]": int(begins.timestamp()),
            "created[lt]": int((begins + timedelta(days=1)).timestamp()),
            "limit": PAGE,
            "expand[]": "data.source",
        } | ({"starting_after": after} if after else {})
        return self._get(f"/v1/balance_transactions?{urlencode(query)}")

    def _keys(self) -> credentials.StripeKeys:
        found = credentials.stripe()
        if found is None:
            raise Unclear("no keys of Stripe here")
        return found

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._keys().secret_key}", "stripe-version": VERSION}

    def _post(self, path: str, fields: dict[str, str], *, key: str) -> Request:
        headers = self._headers() | {
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": key,
        }
        return Request(path, urlencode(fields).encode(), headers)

    def _get(self, path: str) -> Request:
        return Request(path, headers=self._headers(), method="GET")

    def _read(self, answer: Answer) -> dict[str, Any]:
        # 409: a request with this key is being worked on; 429 and faults say nothing about the money.
        if not answer.status or answer.status in (409, 429) or answer.status >= 500:
            raise Unclear(f"status {answer.status}")
        try:
            found = json.loads(answer.body)
        except ValueError:
            raise Unclear("not an answer of Stripe") from None
        if answer.status >= 300:
            problem = found.get("error", {})
            raise TurnedDown(str(problem.get("code") or problem.get("type") or answer.status))
        return dict(found)


def verify(header: str, body: bytes, *, secrets: tuple[str, ...], at: datetime) -> None:
    """Check `Stripe-Signature`: one time and any of the signatures under any of the secrets.

    :raises ForgedNotice:
    """
    parts = [_PART.fullmatch(part.strip()) for part in header.split(",") if part.startswith(("t=", "v1="))]
    times = [one[2] for one in parts if one and one[1] == "t"]
    given = [one[2] for one in parts if one and one[1] == "v1"]
    if None in parts or len(times) != 1 or not times[0].isdigit() or not 0 < len(given) <= 8:
        raise ForgedNotice()
    if abs(int(at.timestamp()) - int(times[0][:12])) > WINDOW_SECONDS:
        raise ForgedNotice()
    expected = [signature(secret, times[0], body) for secret in secrets]
    # All are compared, so that the time taken doesn't tell which one matched.
    matches = [same(one, each) for one in given for each in expected]
    if not any(matches):
        raise ForgedNotice()


def signature(secret: str, instant: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a full stop and the raw body, in lower-case hexadecimal."""
    return hmac.new(secret.encode(), instant.encode() + b"." + body, hashlib.sha256).hexdigest()


def _document(body: bytes) -> dict[str, Any]:
    """An event; unlike ours it may hold fractions somewhere, never where we look."""
    if len(body) > 4 * documents.LIMIT_BYTES:
        raise ForgedNotice()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ForgedNotice() from None
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict) or b"\\u0000" in body:
        raise ForgedNotice()
    return found


# event → (what it means, the field with the amount)
_EVENTS = {
    "payment_intent.succeeded": (NoticeKind.CAPTURED, "amount_received"),
    "payment_intent.payment_failed": (NoticeKind.DECLINED, "amount"),
    "refund.updated": (NoticeKind.NEWS, "amount"),
    "refund.failed": (NoticeKind.REFUND_FAILED, "amount"),
    "charge.dispute.created": (NoticeKind.DISPUTE_OPENED, "amount"),
    "charge.dispute.closed": (NoticeKind.NEWS, "amount"),
}


def _notice(event: dict[str, Any]) -> Notice:
    kind, field = _EVENTS.get(str(event.get("type")), (NoticeKind.NEWS, "amount"))
    found = event["data"].get("object")
    if not isinstance(found, dict):
        raise ForgedNotice()
    status = found.get("status")
    if event.get("type") == "refund.updated" and status in ("succeeded", "failed"):
        kind = NoticeKind.REFUND_PAID if status == "succeeded" else NoticeKind.REFUND_FAILED
    if event.get("type") == "charge.dispute.closed" and status in ("won", "lost"):
        kind = NoticeKind.DISPUTE_WON if status == "won" else NoticeKind.DISPUTE_LOST
    metadata = found.get("metadata") if isinstance(found.get("metadata"), dict) else {}
    currency = str(found.get("currency", "")).upper()
    amount = found.get(field, 0)
    if kind is not NoticeKind.NEWS and (currency not in EXPONENTS or type(amount) is not int or amount < 0):
        raise ForgedNotice()
    event_id = documents.text(event, "id")
    if not event_id:
        raise ForgedNotice()
    about = "id" if str(event.get("type")).startswith("payment_intent.") else "payment_intent"
    return Notice(
        event_id=event_id,
        kind=kind,
        trade_number=documents.text(dict(metadata or {}), "trade"),
        charge_id=documents.text(found, about) if found.get(about) else "",
        amount_minor=amount if type(amount) is int else 0,
        currency=currency if currency in EXPONENTS else "CNY",
        refund_key=documents.text(dict(metadata or {}), "refund"),
        # The object may name the payer and the card; only what we act on is kept.
        body={"type": event.get("type"), "object": found.get("id"), "status": status, "amount": amount},
    )


def _line(row: dict[str, Any]) -> StatementLine:
    source = row["source"] if isinstance(row.get("source"), dict) else {}
    amount = Money(int(row["amount"]), str(row["currency"]).upper())
    if amount.minor < 0:
        key = str((source.get("metadata") or {}).get("refund") or source.get("id"))
        return StatementLine("refund", key, amount, int(row.get("fee", 0)))
    return StatementLine(
        "charge", str(source.get("payment_intent") or source.get("id")), amount, int(row.get("fee", 0))
    )

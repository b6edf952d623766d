"""Stripe: forms one way with our idempotency key, JSON the other; notices under an HMAC with a time.

Source: docs.stripe.com/api (Checkout Sessions, Refunds, Balance Transactions, Disputes), read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from kernel.errors import N_
from kernel.money import EXPONENTS, Money
from payments.gateways import credentials, dispute_lines, stripe_events
from payments.gateways.protocol import (
    Answer,
    DisputeIs,
    DisputeTold,
    ForgedNotice,
    Handover,
    Intent,
    Notice,
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

VERSION = "2025-09-30.clover"
SIGNATURE = "stripe-signature"
PAGE = 100
LISTED = ("charge", "payment", "refund", "payment_refund", "transfer", "adjustment")
REFUNDS = {
    "succeeded": Outcome.PAID,
    "pending": Outcome.ACCEPTED,
    "requires_action": Outcome.ACCEPTED,
    "failed": Outcome.REFUSED,
    "canceled": Outcome.REFUSED,
}

DISPUTES = {
    "needs_response": DisputeIs.TO_ANSWER,
    "warning_needs_response": DisputeIs.TO_ANSWER,
    "under_review": DisputeIs.ANSWERED,
    "warning_under_review": DisputeIs.ANSWERED,
    "won": DisputeIs.WON,
    "warning_closed": DisputeIs.WON,
    "prevented": DisputeIs.WON,
    "lost": DisputeIs.LOST,
}


class StripeGateway:
    name = "stripe"
    title = N_("Card or wallet (Stripe)")
    explanation = N_(
        "You pay on Stripe's page by card or wallet. We hold the money until you have the goods."
    )
    currencies = frozenset(EXPONENTS)
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
        return self.post("/v1/checkout/sessions", fields, key=intent.key)

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        found = self.read(answer)
        return Handover(url=str(found["url"]), reference=str(found["id"]))

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        return self.get(f"/v1/checkout/sessions/{quote(trade.reference, safe='')}")

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        found = self.read(answer)
        if found.get("payment_status") == "paid":
            currency = str(found["currency"]).upper()
            return Sight(
                TradeState.PAID, str(found["payment_intent"]), Money(int(found["amount_total"]), currency)
            )
        return Sight(TradeState.CLOSED if found.get("status") == "expired" else TradeState.WAITING)

    def close(self, trade: Trade, *, at: datetime) -> Request:
        path = f"/v1/checkout/sessions/{quote(trade.reference, safe='')}/expire"
        return self.post(path, {}, key=f"close-{trade.number}")

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        self.read(answer)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        keys = credentials.stripe()
        if keys is None:
            raise ForgedNotice()
        stripe_events.verify(headers.get(SIGNATURE, ""), body, secrets=keys.webhook_secrets, at=at)
        event = stripe_events.document(body)
        # Genuine, but practice money where real money is due, or the reverse.
        if event.get("livemode") is not keys.live:
            raise ForgedNotice()
        return stripe_events.notice(event)

    def receipt(self) -> Receipt:
        return Receipt()

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request:
        fields = {
            "payment_intent": order.charge_id,
            "amount": str(order.amount.minor),
            "metadata[refund]": order.key,
        }
        return self.post("/v1/refunds", fields, key=order.key)

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome:
        try:
            found = self.read(answer)
        except Unclear:
            return Outcome.AGAIN
        except TurnedDown:
            return Outcome.REFUSED
        return REFUNDS.get(str(found.get("status")), Outcome.AGAIN)

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request:
        # The same order with the same key gives the refund as it was made; its list gives it as it is.
        return self.get(f"/v1/refunds?payment_intent={quote(order.charge_id, safe='')}&limit={PAGE}")

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome:
        try:
            rows = self.read(answer)["data"]
        except Unclear:
            return Outcome.AGAIN
        found = [one for one in rows if (one.get("metadata") or {}).get("refund") == order.key]
        return REFUNDS.get(str(found[0].get("status")), Outcome.AGAIN) if found else Outcome.AGAIN

    def statement_request(self, day: date, *, at: datetime) -> Request:
        return self._statement(day)

    def further_statements(self, day: date, *, at: datetime) -> tuple[Request, ...]:
        return ()

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart:
        found = self.read(answer)
        rows = list(found["data"])
        lines = tuple(_line(one) for one in rows if one["type"] in LISTED and not _is_other(one))
        if not found.get("has_more") or not rows:
            return StatementPart(lines)
        day = datetime.fromtimestamp(int(rows[-1]["created"]), UTC).date()
        return StatementPart(lines, self._statement(day, after=str(rows[-1]["id"])))

    def ask_dispute(self, dispute_id: str, *, at: datetime) -> Request:
        return self.get(f"/v1/disputes/{quote(dispute_id, safe='')}")

    def read_dispute(self, answer: Answer, *, at: datetime) -> DisputeTold:
        found = self.read(answer)
        state = DISPUTES.get(str(found.get("status")))
        if state is None:
            raise Unclear(f"a dispute that is {found.get('status')}")
        due = (found.get("evidence_details") or {}).get("due_by")
        return DisputeTold(
            str(found["id"]),
            str(found["payment_intent"]),
            Money(int(found["amount"]), str(found["currency"]).upper()),
            state,
            str(found.get("reason", "")),
            datetime.fromtimestamp(due, UTC) if type(due) is int else None,
        )

    def answer_dispute(self, dispute_id: str, evidence: str, *, at: datetime) -> Request:
        path, key = f"/v1/disputes/{quote(dispute_id, safe='')}", f"dispute-{dispute_id}"
        if not evidence:
            return self.post(f"{path}/close", {}, key=f"{key}-close")
        return self.post(path, {"evidence[uncategorized_text]": evidence, "submit": "true"}, key=key)

    def read_dispute_answered(self, answer: Answer, *, at: datetime) -> None:
        self.read(answer)

    def _statement(self, day: date, *, after: str = "") -> Request:
        begins = datetime.combine(day, time(), UTC)
        query = {
            "created[gte]": int(begins.timestamp()),
            "created[lt]": int((begins + timedelta(days=1)).timestamp()),
            "limit": PAGE,
            "expand[]": "data.source",
        } | ({"starting_after": after} if after else {})
        return self.get(f"/v1/balance_transactions?{urlencode(query)}")

    def _keys(self) -> credentials.StripeKeys:
        found = credentials.stripe()
        if found is None:
            raise Unclear("no keys of Stripe here")
        return found

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._keys().secret_key}", "stripe-version": VERSION}

    def post(self, path: str, fields: dict[str, str], *, key: str) -> Request:
        headers = self._headers() | {
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": key,
        }
        return Request(path, urlencode(fields).encode(), headers)

    def get(self, path: str) -> Request:
        return Request(path, headers=self._headers(), method="GET")

    def read(self, answer: Answer) -> dict[str, Any]:
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


def _is_other(row: dict[str, Any]) -> bool:
    """An adjustment that isn't about a dispute."""
    source = row.get("source")
    about = source.get("object") if isinstance(source, dict) else ""
    return row["type"] == "adjustment" and about != "dispute"


def _line(row: dict[str, Any]) -> StatementLine:
    source = row["source"] if isinstance(row.get("source"), dict) else {}
    amount = Money(int(row["amount"]), str(row["currency"]).upper())
    if row["type"] == "adjustment":
        # Withdrawn when it opens, with Stripe's fee for it; put back, without, when it is won.
        key = f"{source['id']}{dispute_lines.BACK if amount.minor > 0 else ''}"
        return StatementLine("dispute", key, amount, int(row.get("fee", 0)))
    if row["type"] == "transfer":
        key = str((source.get("metadata") or {}).get("payout") or source.get("id"))
        return StatementLine("payout", key, amount, int(row.get("fee", 0)))
    if amount.minor < 0:
        key = str((source.get("metadata") or {}).get("refund") or source.get("id"))
        return StatementLine("refund", key, amount, int(row.get("fee", 0)))
    return StatementLine(
        "charge", str(source.get("payment_intent") or source.get("id")), amount, int(row.get("fee", 0))
    )

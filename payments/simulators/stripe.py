"""Stripe for practice: forms in, JSON out, idempotency keys kept, events under its HMAC."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from payments.gateways.protocol import Answer, Request
from payments.gateways.stripe_events import signature
from payments.simulators import stripe_holds
from payments.simulators.books import (
    Books,
    Disputed,
    DisputedIs,
    Fault,
    Refund,
    RefundIs,
    Sent,
    Trade,
    TradeIs,
)
from payments.simulators.payout_books import PaidTo, PayoutBooks, PayoutIs

DISPUTES = {
    DisputedIs.OPEN: "needs_response",
    DisputedIs.ANSWERED: "under_review",
    DisputedIs.WON: "won",
    DisputedIs.LOST: "lost",
}
# What a dispute costs whoever loses or wins it, in minor units.
DISPUTE_FEE = 1_500
DONE = {TradeIs.PAID: "complete", TradeIs.HELD: "complete", TradeIs.CLOSED: "expired"}
REFUNDS = {RefundIs.PENDING: "pending", RefundIs.PAID: "succeeded", RefundIs.FAILED: "failed"}


@dataclass(slots=True)
class StripeSimulator:
    """`sessions` leads from a session to its trade; `kept` from an idempotency key to what was answered."""

    url: str
    secret_key: str
    webhook_secret: str
    notice_url: str = ""
    books: Books = field(default_factory=Books)
    payouts: PayoutBooks = field(default_factory=PayoutBooks)
    sessions: dict[str, Trade] = field(default_factory=dict)
    kept: dict[str, tuple[bytes, Answer]] = field(default_factory=dict)
    page: int = 100

    def handle(self, request: Request, *, at: datetime) -> Answer:
        """Answer a call of the shop; a key used again gives the first answer, with another body 400."""
        fault = self.books.next_fault()
        if fault is Fault.REFUSED_FIRST:
            return Answer(503)
        if request.headers.get("authorization") != f"Bearer {self.secret_key}":
            return _problem(401, "invalid_request_error", "")
        answer = self._once(request, at=at)
        if fault is Fault.LOST:
            return Answer(0)
        if fault is Fault.BROKEN:
            return Answer(500, b"{}")
        return Answer(200, b"<html>") if fault in (Fault.GARBAGE, Fault.FORGED) else answer

    def notice_of(self, trade: Trade, *, at: datetime, by_stranger: bool = False) -> Sent:
        """The event of what a trade is in now."""
        kind, intent = stripe_holds.EVENTS[trade.state], stripe_holds.intent(trade)
        return self._event(kind, intent, at=at, by_stranger=by_stranger)

    def notice_of_refund(self, refund: Refund, *, at: datetime, by_stranger: bool = False) -> Sent:
        kind = "refund.failed" if refund.state is RefundIs.FAILED else "refund.updated"
        return self._event(kind, self._refunded(refund), at=at, by_stranger=by_stranger)

    def notice_of_dispute(self, one: Disputed, *, at: datetime, by_stranger: bool = False) -> Sent:
        kind = "charge.dispute.created" if one.state is DisputedIs.OPEN else "charge.dispute.closed"
        return self._event(kind, self._disputed(one), at=at, by_stranger=by_stranger)

    def _disputed(self, one: Disputed) -> dict[str, Any]:
        return {
            "id": one.own_id,
            "object": "dispute",
            "payment_intent": one.trade.charge_id,
            "amount": one.amount,
            "currency": one.trade.currency.lower(),
            "status": DISPUTES[one.state],
            "reason": "product_not_received",
            "evidence_details": {"due_by": int(one.answer_by.timestamp())},
            "metadata": {},
        }

    def _once(self, request: Request, *, at: datetime) -> Answer:
        key = request.headers.get("idempotency-key", "")
        if request.method == "POST" and key in self.kept:
            body, answer = self.kept[key]
            same = body == request.path.encode() + request.body
            return answer if same else _problem(400, "idempotency_error", "")
        answer = self._do(request, at=at)
        # Stripe keeps what it began to work on, also a refusal of the work; not what failed validation.
        if request.method == "POST" and key and answer.status != 400:
            self.kept[key] = (request.path.encode() + request.body, answer)
        return answer

    def _do(self, request: Request, *, at: datetime) -> Answer:
        parts, fields = urlsplit(request.path), dict(parse_qsl(request.body.decode()))
        match parts.path.removeprefix("/v1/").split("/"):
            case ["checkout", "sessions"]:
                return self._begin(fields)
            case ["checkout", "sessions", name]:
                trade = self.sessions.get(name)
                whole = "expand" in parts.query
                found = _good(self._session(name, trade, whole=whole)) if trade else None
                return found or _problem(404, "", "resource_missing")
            case ["payment_intents", name, *steps]:
                status, intent = stripe_holds.do(self.books, name, "".join(steps), fields, at=at)
                return Answer(status, json.dumps(intent).encode())
            case ["checkout", "sessions", name, "expire"]:
                trade = self.sessions.get(name)
                if trade is None or not self.books.close(trade):
                    return _problem(400, "invalid_request_error", "")
                return _good(self._session(name, trade))
            case ["refunds"]:
                return self._refunds(request, fields, parts.query, at=at)
            case ["disputes", name, *rest]:
                one = self.books.disputes.get(name)
                if one is None:
                    return _problem(404, "invalid_request_error", "resource_missing")
                if request.method == "POST":
                    said = "" if rest == ["close"] else fields["evidence[uncategorized_text]"]
                    if not self.books.answer_dispute(name, said):
                        return _problem(400, "invalid_request_error", "")
                return _good(self._disputed(one))
            case ["transfers"]:
                return self._transfers(request, fields, parts.query, at=at)
            case ["balance_transactions"]:
                return self._statement(parse_qs(parts.query))
        return _problem(404, "invalid_request_error", "")

    def _begin(self, fields: dict[str, str]) -> Answer:
        number = fields["client_reference_id"]
        name = self.books.new_id("cs_test_")
        trade = Trade(
            number,
            self.books.new_id("pi_"),
            int(fields["line_items[0][price_data][unit_amount]"]),
            fields["line_items[0][price_data][currency]"].upper(),
            datetime.fromtimestamp(int(fields["expires_at"]), UTC),
            self.notice_url,
            fields["success_url"],
            holds=fields.get("payment_intent_data[capture_method]") == "manual",
        )
        self.books.trades[number] = self.sessions[name] = trade
        return _good(self._session(name, trade))

    def _session(self, name: str, trade: Trade, *, whole: bool = False) -> dict[str, Any]:
        paid = trade.state is TradeIs.PAID
        begun = paid or trade.state is TradeIs.HELD
        intent = (stripe_holds.intent(trade) if whole else trade.charge_id) if begun else None
        return {
            "id": name,
            "url": f"{self.url}/c/pay/{name}",
            "status": DONE.get(trade.state, "open"),
            "payment_status": "paid" if paid else "unpaid",
            "payment_intent": intent,
            "amount_total": trade.amount,
            "currency": trade.currency.lower(),
        }

    def _refunds(self, request: Request, fields: dict[str, str], query: str, *, at: datetime) -> Answer:
        by_charge = {one.charge_id: one for one in self.books.trades.values()}
        if request.method == "GET":
            wanted = by_charge.get(parse_qs(query)["payment_intent"][0])
            rows = [self._refunded(one) for one in self.books.refunds.values() if one.trade is wanted]
            return _good({"data": rows, "has_more": False})
        trade = by_charge.get(fields["payment_intent"])
        key = fields.get("metadata[refund]", "")
        made = self.books.refund(trade, key, int(fields["amount"]), at=at) if trade else None
        return _good(self._refunded(made)) if made else _problem(400, "", "charge_already_refunded")

    def _refunded(self, one: Refund) -> dict[str, Any]:
        return {
            "id": one.own_id,
            "object": "refund",
            "amount": one.amount,
            "currency": one.trade.currency.lower(),
            "payment_intent": one.trade.charge_id,
            "status": REFUNDS[one.state],
            "metadata": {"refund": one.key},
        }

    def notice_of_payout(self, one: PaidTo, *, at: datetime, by_stranger: bool = False) -> Sent:
        kind = "transfer.reversed" if one.state is PayoutIs.FAILED else "transfer.created"
        return self._event(kind, _transfer(one), at=at, by_stranger=by_stranger)

    def _transfers(self, request: Request, fields: dict[str, str], query: str, *, at: datetime) -> Answer:
        if request.method == "GET":
            one = self.payouts.made.get(parse_qs(query)["transfer_group"][0])
            return _good({"data": [_transfer(one)] if one else [], "has_more": False})
        if self.payouts.broke:
            return _problem(400, "invalid_request_error", "balance_insufficient")
        to, key = fields["destination"], fields["transfer_group"]
        if not to.startswith("acct_") or fields["metadata[payout]"] != key:
            return _problem(400, "invalid_request_error", "parameter_invalid")
        made = self.payouts.order(
            key, int(fields["amount"]), fields["currency"].upper(),
            to=to, name="", own_id=self.books.new_id("tr_"), at=at,
        )  # fmt: skip
        return _good(_transfer(made)) if made else _problem(400, "invalid_request_error", "")

    def _statement(self, query: dict[str, list[str]]) -> Answer:
        day = datetime.fromtimestamp(int(query["created[gte]"][0]), UTC).date()
        rows = self._rows(day)
        after = query.get("starting_after", [""])[0]
        begin = next((n + 1 for n, row in enumerate(rows) if row["id"] == after), 0)
        part = rows[begin : begin + self.page]
        return _good({"data": part, "has_more": begin + len(part) < len(rows)})

    def _rows(self, day: date) -> list[dict[str, Any]]:
        paid, back = self.books.day(day)
        gone = [
            ("transfer", p.own_id, -p.amount, p.currency, p.ended_at, _transfer(p))
            for p in self.payouts.day(day)
        ]
        taken = [
            ("charge", t.charge_id, t.amount, t.currency, t.paid_at, {"payment_intent": t.charge_id})
            for t in paid
        ]
        given = [
            ("refund", r.own_id, -r.amount, r.trade.currency, r.ended_at, self._refunded(r)) for r in back
        ]
        asked = [
            ("adjustment", d.own_id, -d.amount, d.trade.currency, d.opened_at, self._disputed(d))
            for d in self.books.disputes.values()
            if d.opened_at is not None and d.opened_at.date() == day
        ]
        return [
            _row(f"txn_{own_id}", kind, amount, currency, at, source)
            | ({"fee": DISPUTE_FEE} if kind == "adjustment" else {})
            for kind, own_id, amount, currency, at, source in (*asked, *gone, *taken, *given)
        ]

    def _event(self, kind: str, about: dict[str, Any], *, at: datetime, by_stranger: bool) -> Sent:
        event = {
            "id": self.books.new_id("evt_"),
            "object": "event",
            "type": kind,
            "livemode": False,
            "created": int(at.timestamp()),
            "data": {"object": about},
        }
        body = json.dumps(event).encode()
        instant = str(int(at.timestamp()))
        made = signature("guess" if by_stranger else self.webhook_secret, instant, body)
        headers = {"stripe-signature": f"t={instant},v1={made}", "content-type": "application/json"}
        return Sent(self.notice_url, headers, body)


def _transfer(one: PaidTo) -> dict[str, Any]:
    """Made at once, or not at all; sent back later it is reversed."""
    return {
        "id": one.own_id,
        "object": "transfer",
        "amount": one.amount,
        "currency": one.currency.lower(),
        "destination": one.to,
        "transfer_group": one.key,
        "reversed": one.state is PayoutIs.FAILED,
        "metadata": {"payout": one.key},
    }


def _row(
    own_id: str, kind: str, amount: int, currency: str, at: datetime | None, source: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": own_id,
        "type": kind,
        "amount": amount,
        "fee": 0,
        "currency": currency.lower(),
        "created": int(at.timestamp()) if at else 0,
        "source": source,
    }


def _good(document: dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(document).encode())


def _problem(status: int, kind: str, code: str) -> Answer:
    return Answer(status, json.dumps({"error": {"type": kind, "code": code}}).encode())

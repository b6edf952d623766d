"""WeChat Pay, API v3: signed requests and answers (RSA), notices sealed with AES-256-GCM.

Source: pay.weixin.qq.com/doc/v3 (Native, query by out_trade_no, close, domestic refunds, trade bill,
signing, notices), read 2026-11.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kernel.errors import N_
from kernel.money import EXPONENTS, Money
from payments.gateways import (
    credentials,
    documents,
    payout_notices,
    wechatpay_bills,
    wechatpay_complaints,
    wechatpay_seals,
)
from payments.gateways.protocol import (
    Answer,
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
    StatementPart,
    Trade,
    TradeState,
    TurnedDown,
    Unclear,
)

BEIJING = ZoneInfo("Asia/Shanghai")
SCHEME = "WECHATPAY2-SHA256-RSA2048"
STATES = {
    "SUCCESS": TradeState.PAID,
    # Paid, and something of it went back since.
    "REFUND": TradeState.PAID,
    "NOTPAY": TradeState.WAITING,
    "USERPAYING": TradeState.WAITING,
    "CLOSED": TradeState.CLOSED,
    "REVOKED": TradeState.CLOSED,
    "PAYERROR": TradeState.CLOSED,
}
REFUNDS = {
    "SUCCESS": Outcome.PAID,
    "PROCESSING": Outcome.ACCEPTED,
    "CLOSED": Outcome.REFUSED,
    # The payer's card is gone: WeChat waits for our word where else to send it.
    "ABNORMAL": Outcome.REFUSED,
}
# Its own words for "try again with the same key".
AGAIN = ("SYSTEM_ERROR", "FREQUENCY_LIMITED", "BIZERR_NEED_RETRY", "NOT_ENOUGH", "SIGN_ERROR")


class WeChatPayGateway:
    name = "wechatpay"
    title = N_("WeChat Pay")
    explanation = N_("You pay in WeChat: scan the code. We hold the money until you have the goods.")
    currencies = frozenset({"CNY"})
    zone = "Asia/Shanghai"

    def is_offered(self) -> bool:
        return credentials.wechatpay() is not None

    def begin(self, intent: Intent, *, at: datetime) -> Request:
        keys = self.keys()
        document: dict[str, Any] = {
            "appid": keys.app_id,
            "mchid": keys.merchant_id,
            "description": intent.subject,
            "out_trade_no": intent.number,
            "time_expire": intent.expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            "notify_url": intent.notice_url,
            "amount": {"total": intent.amount.minor, "currency": intent.amount.currency},
        }
        # Its page for phones (H5) demands the payer's network address, which we don't hand on: always a code.
        return self.request("POST", "/v3/pay/transactions/native", document, at=at)

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        found = self.read(answer, at=at)
        return Handover(code=str(found["code_url"]))

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        path = f"/v3/pay/transactions/out-trade-no/{trade.number}?mchid={self.keys().merchant_id}"
        return self.request("GET", path, None, at=at)

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        try:
            found = self.read(answer, at=at)
        except TurnedDown as refusal:
            if str(refusal) in ("ORDER_NOT_EXIST", "ORDERNOTEXIST"):
                return Sight(TradeState.UNKNOWN)
            raise
        state = STATES.get(str(found.get("trade_state")), TradeState.UNKNOWN)
        if state is not TradeState.PAID:
            return Sight(state)
        return Sight(state, str(found["transaction_id"]), _amount(found["amount"], "total"))

    def close(self, trade: Trade, *, at: datetime) -> Request:
        path = f"/v3/pay/transactions/out-trade-no/{trade.number}/close"
        return self.request("POST", path, {"mchid": self.keys().merchant_id}, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        self.read(answer, at=at)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        keys = credentials.wechatpay()
        if keys is None:
            raise ForgedNotice()
        wechatpay_seals.verify(headers, body, their_keys=keys.their_keys, at=at)
        envelope = documents.read(body)
        event = documents.text(envelope, "id")
        inner = wechatpay_seals.open_resource(envelope.get("resource"), secret=keys.secret)
        if event and str(envelope.get("event_type")).startswith("COMPLAINT."):
            # Names no merchant: that it is sealed with our key says whose it is.
            return wechatpay_complaints.notice(event, inner)
        # Genuine, but about another merchant's money.
        if not event or (inner.get("mchid") or inner.get("mch_id")) != keys.merchant_id:
            raise ForgedNotice()
        if envelope.get("event_type") == payout_notices.WECHATPAY:
            return payout_notices.of_wechatpay(event, inner)
        return _notice(event, str(envelope.get("event_type")), inner)

    def receipt(self) -> Receipt:
        return Receipt(body="", status=204)

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request:
        document = {
            "transaction_id": order.charge_id,
            "out_refund_no": order.key,
            "notify_url": order.notice_url,
            "amount": {
                "refund": order.amount.minor,
                "total": order.whole.minor,
                "currency": order.amount.currency,
            },
        }
        return self.request("POST", "/v3/refund/domestic/refunds", document, at=at)

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome:
        try:
            found = self.read(answer, at=at)
        except Unclear:
            return Outcome.AGAIN
        except TurnedDown:
            return Outcome.REFUSED
        return REFUNDS.get(str(found.get("status")), Outcome.AGAIN)

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request:
        return self.request("GET", f"/v3/refund/domestic/refunds/{order.key}", None, at=at)

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome:
        return self.read_refund_answer(answer, at=at)

    def statement_request(self, day: date, *, at: datetime) -> Request:
        return self.request("GET", f"/v3/bill/tradebill?bill_date={day}&bill_type=ALL", None, at=at)

    def further_statements(self, day: date, *, at: datetime) -> tuple[Request, ...]:
        # Trades alone don't say what was paid out: that stands in the bill of the account.
        path = f"/v3/bill/fundflowbill?bill_date={day}&account_type=BASIC"
        return (self.request("GET", path, None, at=at),)

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart:
        if wechatpay_bills.is_file(answer.body):
            return StatementPart(wechatpay_bills.lines(answer.body))
        try:
            found = self.read(answer, at=at)
        except TurnedDown as refusal:
            # No trade on that day: an empty statement, not a fault.
            if str(refusal) == "NO_STATEMENT_EXIST":
                return StatementPart()
            raise
        path = wechatpay_bills.path_of(str(found.get("download_url")), self.keys().url)
        rest = self.request("GET", path, None, at=at)
        return StatementPart(rest=replace(rest, sha1=wechatpay_bills.digest_of(found)))

    def ask_dispute(self, dispute_id: str, *, at: datetime) -> Request:
        return self.request("GET", wechatpay_complaints.path(dispute_id), None, at=at)

    def read_dispute(self, answer: Answer, *, at: datetime) -> DisputeTold:
        return wechatpay_complaints.told(self.read(answer, at=at))

    def answer_dispute(self, dispute_id: str, evidence: str, *, at: datetime) -> Request:
        document = {"complainted_mchid": self.keys().merchant_id}
        if not evidence:
            return self.request("POST", f"{wechatpay_complaints.path(dispute_id)}/complete", document, at=at)
        said = document | {"response_content": evidence[: wechatpay_complaints.LONGEST]}
        return self.request("POST", f"{wechatpay_complaints.path(dispute_id)}/response", said, at=at)

    def read_dispute_answered(self, answer: Answer, *, at: datetime) -> None:
        self.read(answer, at=at)

    def keys(self) -> credentials.WeChatPayKeys:
        found = credentials.wechatpay()
        if found is None:
            raise Unclear("no keys of WeChat Pay here")
        return found

    def request(self, method: str, path: str, document: dict[str, Any] | None, *, at: datetime) -> Request:
        keys = self.keys()
        body = b"" if document is None else documents.write(document)
        nonce, instant = secrets.token_hex(16), int(at.timestamp())
        text = f"{method}\n{path}\n{instant}\n{nonce}\n{body.decode()}\n"
        fields = {
            "mchid": keys.merchant_id,
            "nonce_str": nonce,
            "timestamp": instant,
            "serial_no": keys.serial,
            "signature": keys.ours.sign(text),
        }
        shown = ",".join(f'{name}="{value}"' for name, value in fields.items())
        headers = {"authorization": f"{SCHEME} {shown}", "accept": "application/json"}
        if body:
            headers["content-type"] = "application/json"
        return Request(path, body, headers, method=method)

    def read(self, answer: Answer, *, at: datetime) -> dict[str, Any]:
        """The document of a good answer whose signature held."""
        if not answer.status or answer.status == 429 or answer.status >= 500:
            raise Unclear(f"status {answer.status}")
        try:
            wechatpay_seals.verify(answer.headers, answer.body, their_keys=self.keys().their_keys, at=at)
        except ForgedNotice:
            raise Unclear("the answer isn't signed by WeChat Pay") from None
        found = json.loads(answer.body) if answer.body else {}
        if answer.status < 300:
            return dict(found)
        code = str(found.get("code", answer.status))
        raise Unclear(code) if code in AGAIN else TurnedDown(code)


def _notice(event: str, kind: str, inner: dict[str, Any]) -> Notice:
    refunded = kind.startswith("REFUND.")
    status = REFUNDS.get(str(inner.get("refund_status"))) if refunded else None
    said = NoticeKind.NEWS
    if refunded:
        said = NoticeKind.REFUND_PAID if status is Outcome.PAID else NoticeKind.REFUND_FAILED
    elif STATES.get(str(inner.get("trade_state"))) is TradeState.PAID:
        said = NoticeKind.CAPTURED
    try:
        amount = _amount(inner["amount"], "refund" if refunded else "total")
    except (KeyError, TypeError, ValueError):
        raise ForgedNotice() from None
    return Notice(
        event_id=event,
        kind=said,
        trade_number=documents.text(inner, "out_trade_no"),
        charge_id=documents.text(inner, "transaction_id"),
        amount_minor=amount.minor,
        currency=amount.currency,
        refund_key=documents.text(inner, "out_refund_no"),
        # Who paid (an openid) is nothing that we need; it isn't kept.
        body={name: value for name, value in inner.items() if name not in ("payer", "attach")},
    )


def _amount(found: dict[str, Any], field: str) -> Money:
    minor, currency = found[field], str(found.get("currency", "CNY"))
    if type(minor) is not int or minor < 0 or currency not in EXPONENTS:
        raise ValueError("not an amount")
    return Money(minor, currency)

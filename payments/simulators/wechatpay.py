"""WeChat Pay's API v3 for practice: it verifies our signatures, signs its answers and seals its notices."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from payments.gateways import documents, wechatpay_seals
from payments.gateways.protocol import Answer, Request
from payments.gateways.rsa import Signer, Verifier
from payments.gateways.wechatpay import SCHEME
from payments.simulators import wechatpay_tables
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

STATES = {TradeIs.WAITING: "NOTPAY", TradeIs.PAID: "SUCCESS", TradeIs.CLOSED: "CLOSED"}
REFUNDS = {RefundIs.PENDING: "PROCESSING", RefundIs.PAID: "SUCCESS", RefundIs.FAILED: "ABNORMAL"}
BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
COMPLAINTS = "/v3/merchant-service/complaints-v2/"
# Lost is a word that WeChat doesn't have: it ends a complaint, and money goes by a refund of ours.
COMPLAINT_STATES = {
    DisputedIs.OPEN: "PENDING",
    DisputedIs.ANSWERED: "PROCESSING",
    DisputedIs.WON: "PROCESSED",
    DisputedIs.LOST: "PROCESSED",
}
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_TRADE = re.compile(r"/v3/pay/transactions/out-trade-no/([^/?]+)(/close)?")


@dataclass(slots=True)
class WeChatPaySimulator:
    """`ours` is the shop's public key under `serial`; `own` signs under the key id `own_id`."""

    url: str
    merchant_id: str
    serial: str
    ours: Verifier
    own: Signer
    own_id: str
    secret: bytes
    stranger: Signer
    books: Books = field(default_factory=Books)
    payouts: PayoutBooks = field(default_factory=PayoutBooks)
    # What it says wrongly of a statement's file.
    bill_says: dict[str, str] = field(default_factory=dict)

    def handle(self, request: Request, *, at: datetime) -> Answer:
        """Answer a call of the shop as WeChat Pay does, a bad signature with 401."""
        fault = self.books.next_fault()
        if fault is Fault.REFUSED_FIRST:
            return Answer(503)
        if not self._is_signed(request, at=at):
            return self._answer(401, {"code": "SIGN_ERROR", "message": "签名错误"}, fault, at=at)
        if request.path.startswith("/v3/billdownload/"):
            return Answer(200, self._bill(request.path))
        status, document = self._do(request, at=at)
        return self._answer(status, document, fault, at=at)

    def notice_of(self, trade: Trade, *, at: datetime, by_stranger: bool = False) -> Sent:
        """The notice of what a trade is in now."""
        kind = "TRANSACTION.SUCCESS"
        return self._notice(
            kind, "transaction", self._about(trade), trade.notice_url, at=at, by_stranger=by_stranger
        )

    def notice_of_refund(self, refund: Refund, *, at: datetime, by_stranger: bool = False) -> Sent:
        state = REFUNDS[refund.state]
        inner = {
            "mchid": self.merchant_id,
            "out_trade_no": refund.trade.number,
            "transaction_id": refund.trade.charge_id,
            "out_refund_no": refund.key,
            "refund_id": refund.own_id,
            "refund_status": state,
            "amount": {"total": refund.trade.amount, "refund": refund.amount},
        }
        return self._notice(
            f"REFUND.{state}", "refund", inner, refund.notice_url, at=at, by_stranger=by_stranger
        )

    def _is_signed(self, request: Request, *, at: datetime) -> bool:
        given = request.headers.get("authorization", "")
        fields = dict(_FIELD.findall(given))
        text = "\n".join(
            [request.method, request.path, fields.get("timestamp", ""), fields.get("nonce_str", ""), ""]
        )
        signed = text.encode() + request.body + b"\n"
        fresh = abs(int(at.timestamp()) - int(fields.get("timestamp", "0"))) <= 300
        known = fields.get("mchid") == self.merchant_id and fields.get("serial_no") == self.serial
        return (
            given.startswith(SCHEME)
            and known
            and fresh
            and self.ours.fits(fields.get("signature", ""), signed)
        )

    def _do(self, request: Request, *, at: datetime) -> tuple[int, dict[str, Any]]:
        parts = urlsplit(request.path)
        found = json.loads(request.body) if request.body else {}
        if parts.path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return self._begin(found, native=parts.path.endswith("native"))
        if parts.path in ("/v3/bill/tradebill", "/v3/bill/fundflowbill"):
            kind = "funds" if parts.path.endswith("fundflowbill") else "trades"
            path = f"/v3/billdownload/file?token={kind}={parse_qs(parts.query)['bill_date'][0]}"
            digest = hashlib.sha1(self._bill(path), usedforsecurity=False).hexdigest()
            said = {"hash_type": "SHA1", "hash_value": digest, "download_url": f"{self.url}{path}"}
            return 200, said | self.bill_says
        if match := _TRADE.fullmatch(parts.path):
            return self._trade(match[1], closing=bool(match[2]))
        if parts.path.startswith(COMPLAINTS):
            return self._complaint(parts.path.removeprefix(COMPLAINTS), found, request.method)
        if parts.path.startswith(BILLS):
            return self._payout(request, found, at=at)
        if parts.path == "/v3/refund/domestic/refunds":
            return self._refund(found, at=at)
        if parts.path.startswith("/v3/refund/domestic/refunds/"):
            one = self.books.refunds.get(parts.path.rpartition("/")[2])
            return (200, self._refunded(one)) if one else (404, {"code": "RESOURCE_NOT_EXISTS"})
        return 404, {"code": "RESOURCE_NOT_EXISTS"}

    def _bill(self, path: str) -> bytes:
        day = date.fromisoformat(path.rpartition("=")[2])
        if "=funds=" in path:
            return wechatpay_tables.funds(self.payouts, day)
        return wechatpay_tables.trades(self.books, day)

    def _begin(self, found: dict[str, Any], *, native: bool) -> tuple[int, dict[str, Any]]:
        number, amount = found["out_trade_no"], found["amount"]
        if not re.fullmatch(r"[0-9A-Za-z_\-|*]{6,32}", number) or type(amount["total"]) is not int:
            return 400, {"code": "PARAM_ERROR"}
        known = self.books.trades.get(number)
        if known is not None and known.amount != amount["total"]:
            return 400, {"code": "INVALID_REQUEST"}
        if known is not None and known.state is not TradeIs.WAITING:
            paid = known.state is TradeIs.PAID
            return 400, {"code": "ORDERPAID" if paid else "ORDER_CLOSED"}
        if known is None:
            self.books.trades[number] = Trade(
                number, self.books.new_id("42000"), amount["total"], amount["currency"],
                datetime.fromisoformat(found["time_expire"]), found["notify_url"],
            )  # fmt: skip
        if native:
            return 200, {"code_url": f"weixin://wxpay/bizpayurl?pr={number}"}
        return 200, {"h5_url": f"{self.url}/h5/{number}"}

    def _trade(self, number: str, *, closing: bool) -> tuple[int, dict[str, Any]]:
        trade = self.books.trades.get(number)
        if trade is None:
            return 404, {"code": "ORDER_NOT_EXIST"}
        if not closing:
            return 200, self._about(trade)
        return (204, {}) if self.books.close(trade) else (400, {"code": "ORDERPAID"})

    def notice_of_dispute(self, one: Disputed, *, at: datetime, by_stranger: bool = False) -> Sent:
        kind = "COMPLAINT.CREATE" if one.state is DisputedIs.OPEN else "COMPLAINT.STATE_CHANGE"
        inner = {"complaint_id": one.own_id, "action_type": "CREATE_COMPLAINT"}
        url = one.trade.notice_url
        return self._notice(kind, "complaint", inner, url, at=at, by_stranger=by_stranger)

    def _complaint(self, rest: str, said: dict[str, Any], method: str) -> tuple[int, dict[str, Any]]:
        name, _, step = rest.partition("/")
        one = self.books.disputes.get(name)
        if one is None:
            return 404, {"code": "RESOURCE_NOT_EXISTS"}
        if method == "GET":
            order = {"transaction_id": one.trade.charge_id, "amount": one.amount}
            state = COMPLAINT_STATES[one.state]
            return 200, {"complaint_id": name, "complaint_state": state, "complaint_order_info": [order]}
        if said.get("complainted_mchid") != self.merchant_id:
            return 400, {"code": "PARAM_ERROR"}
        done = self.books.answer_dispute(name, said["response_content"] if step == "response" else "")
        return (204, {}) if done else (400, {"code": "INVALID_REQUEST"})

    def notice_of_payout(self, one: PaidTo, *, at: datetime, by_stranger: bool = False) -> Sent:
        inner = {**_transferred(one), "mch_id": self.merchant_id, "openid": one.to}
        kind = "MCHTRANSFER.BILL.FINISHED"
        return self._notice(kind, "mch_payment", inner, self.url, at=at, by_stranger=by_stranger)

    def _payout(self, request: Request, found: dict[str, Any], *, at: datetime) -> tuple[int, dict[str, Any]]:
        if request.method == "GET":
            one = self.payouts.made.get(request.path.rpartition("/")[2])
            return (200, _transferred(one)) if one else (404, {"code": "NOT_FOUND"})
        if self.payouts.broke:
            return 400, {"code": "NOT_ENOUGH"}
        key = found["out_bill_no"]
        if not re.fullmatch(r"[0-9A-Za-z]{1,32}", key) or request.headers["wechatpay-serial"] != self.own_id:
            return 400, {"code": "PARAM_ERROR"}
        one = self.payouts.order(
            key, found["transfer_amount"], "CNY", to=found["openid"],
            name=self.own.unseal(found["user_name"]),
            own_id=self.books.new_id("133"), at=at,
        )  # fmt: skip
        return (200, _transferred(one)) if one else (400, {"code": "INVALID_REQUEST"})

    def _refund(self, found: dict[str, Any], *, at: datetime) -> tuple[int, dict[str, Any]]:
        by_charge = {one.charge_id: one for one in self.books.trades.values()}
        trade, amount = by_charge.get(found["transaction_id"]), found["amount"]
        if trade is None:
            return 404, {"code": "RESOURCE_NOT_EXISTS"}
        if amount["total"] != trade.amount:
            return 400, {"code": "INVALID_REQUEST"}
        url = found.get("notify_url", "")
        made = self.books.refund(trade, found["out_refund_no"], amount["refund"], at=at, notice_url=url)
        return (200, self._refunded(made)) if made else (400, {"code": "INVALID_REQUEST"})

    def _refunded(self, one: Refund) -> dict[str, Any]:
        return {"refund_id": one.own_id, "out_refund_no": one.key, "status": REFUNDS[one.state]}

    def _about(self, trade: Trade) -> dict[str, Any]:
        return {
            "mchid": self.merchant_id,
            "out_trade_no": trade.number,
            "transaction_id": trade.charge_id,
            "trade_state": STATES[trade.state],
            "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
            "amount": {"total": trade.amount, "payer_total": trade.amount, "currency": trade.currency},
        }

    def _signature(self, body: bytes, *, at: datetime, by_stranger: bool) -> dict[str, str]:
        instant, nonce = str(int(at.timestamp())), secrets.token_hex(16)
        signer = self.stranger if by_stranger else self.own
        return {
            wechatpay_seals.TIMESTAMP: instant,
            wechatpay_seals.NONCE: nonce,
            wechatpay_seals.SERIAL: self.own_id,
            wechatpay_seals.TYPE: wechatpay_seals.KIND,
            wechatpay_seals.SIGNATURE: signer.sign(
                wechatpay_seals.signed_bytes(instant, nonce, body).decode()
            ),
        }

    def _answer(self, status: int, document: dict[str, Any], fault: Fault | None, *, at: datetime) -> Answer:
        if fault is Fault.LOST:
            return Answer(0)
        if fault is Fault.BROKEN:
            return Answer(500, b'{"code":"SYSTEM_ERROR"}')
        body = b"" if status == 204 else documents.write(document)
        headers = self._signature(body, at=at, by_stranger=fault is Fault.FORGED)
        return Answer(status, b"<html>" if fault is Fault.GARBAGE else body, headers)

    def _notice(
        self, kind: str, about: str, inner: dict[str, Any], url: str, *, at: datetime, by_stranger: bool
    ) -> Sent:
        nonce = secrets.token_hex(6)
        sealed = wechatpay_seals.seal_resource(
            documents.write(inner), secret=self.secret, nonce=nonce, bound=about
        )
        envelope = {
            "id": self.books.new_id("EV-"),
            "create_time": at.isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "通知",
            "resource": {
                "original_type": about,
                "algorithm": wechatpay_seals.SEALED,
                "ciphertext": sealed,
                "associated_data": about,
                "nonce": nonce,
            },
        }
        body = documents.write(envelope)
        headers = self._signature(body, at=at, by_stranger=by_stranger)
        return Sent(url, headers | {"content-type": "application/json"}, body)


def _transferred(one: PaidTo) -> dict[str, Any]:
    state = {PayoutIs.PENDING: "PROCESSING", PayoutIs.PAID: "SUCCESS", PayoutIs.FAILED: "FAIL"}[one.state]
    return {"out_bill_no": one.key, "transfer_bill_no": one.own_id, "state": state, "fail_reason": one.reason}

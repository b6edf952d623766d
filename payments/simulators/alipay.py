"""Alipay's gateway for practice: it verifies our RSA2 and answers with its own."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from kernel.money import Money
from payments.gateways.alipay import BEIJING, moment, signed_text
from payments.gateways.protocol import Answer, Request
from payments.gateways.rsa import Signer, Verifier
from payments.simulators import alipay_holds
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

STATUS = {TradeIs.WAITING: "WAIT_BUYER_PAY", TradeIs.PAID: "TRADE_SUCCESS", TradeIs.CLOSED: "TRADE_CLOSED"}
COMPLAINTS = {
    DisputedIs.OPEN: "MERCHANT_PROCESSING",
    DisputedIs.ANSWERED: "MERCHANT_FEEDBACKED",
    DisputedIs.WON: "FINISHED",
    DisputedIs.LOST: "FINISHED",
}
TRANSFERS = {PayoutIs.PENDING: "DEALING", PayoutIs.PAID: "SUCCESS", PayoutIs.FAILED: "FAIL"}
HEAD = ["支付宝交易号", "商户订单号", "业务类型", "退款批次号/请求号", "商家实收（元）", "服务费（元）"]


class Unsigned(Exception):
    """What we sent isn't signed with our key, or isn't meant for this account."""


@dataclass(slots=True)
class AlipaySimulator:
    """`ours` is the shop's public key, `own` the platform's private one."""

    app_id: str
    seller_id: str
    ours: Verifier
    own: Signer
    stranger: Signer
    bills_url: str
    books: Books = field(default_factory=Books)
    payouts: PayoutBooks = field(default_factory=PayoutBooks)
    # The names of the shop's certificate, of the roots and of our own; none: plain keys.
    certificates: tuple[str, str, str] | None = None

    def handle(self, request: Request, *, at: datetime) -> Answer:
        """Answer a call of the shop; :raises Unsigned: never, a bad signature is answered as Alipay does."""
        fault = self.books.next_fault()
        if fault is Fault.REFUSED_FIRST:
            return Answer(503)
        if request.origin == "files":
            return Answer(200, self._bill(request))
        try:
            # Alipay reads the form from the body or from the address.
            fields = self._verified(request.body.decode() or urlsplit(request.path).query)
        except Unsigned:
            return self._answer(
                "error_response", {"code": "40002", "sub_code": "isv.invalid-signature"}, fault
            )
        method, content = fields["method"], json.loads(fields["biz_content"])
        name = method.replace(".", "_") + "_response"
        if alipay_holds.is_about(method, content):
            found = alipay_holds.do(
                self.books, self.seller_id, method, content, fields.get("notify_url", ""), at=at
            )
            return self._answer(name, found, fault)
        return self._answer(name, self._do(method, content, at=at), fault)

    def open_page(self, url: str, *, at: datetime) -> Trade:
        """The payer comes to the address that the shop signed. :raises Unsigned:"""
        fields = self._verified(urlsplit(url).query)
        content = json.loads(fields["biz_content"])
        number = content["out_trade_no"]
        ends = datetime.strptime(content["time_expire"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
        known = self.books.trades.get(number)
        if known is None:
            amount = Money.parse(content["total_amount"])
            known = Trade(
                number, self.books.new_id("20261122"), amount.minor, "CNY", ends,
                fields["notify_url"], fields["return_url"],
            )  # fmt: skip
            self.books.trades[number] = known
        return known

    def notice_of(self, trade: Trade, *, at: datetime, by_stranger: bool = False) -> Sent:
        """The notice of what a trade is in now."""
        if trade.holds and trade.state is not TradeIs.PAID:
            kind = "fund_auth_freeze" if trade.state is TradeIs.HELD else "fund_auth_unfreeze"
            more = {"notify_type": kind, "payee_user_id": self.seller_id, "amount": _text(trade.amount)}
            held = alipay_holds.about(trade) | more | {"status": "SUCCESS"}
            return self._notice(held, trade.notice_url, by_stranger=by_stranger)
        return self._notice(self._about(trade), trade.notice_url, by_stranger=by_stranger)

    def notice_of_refund(self, refund: Refund, *, at: datetime, by_stranger: bool = False) -> Sent:
        extra = {"out_biz_no": refund.key, "refund_fee": _text(refund.amount), "gmt_refund": moment(at)}
        return self._notice(self._about(refund.trade) | extra, refund.notice_url, by_stranger=by_stranger)

    def _verified(self, text: str) -> dict[str, str]:
        fields = dict(parse_qsl(text, keep_blank_values=True))
        fits = self.ours.fits(fields.get("sign", ""), signed_text(fields))
        if not fits or fields.get("app_id") != self.app_id or fields.get("sign_type") != "RSA2":
            raise Unsigned
        named = (fields.get("app_cert_sn"), fields.get("alipay_root_cert_sn"))
        if named != (self.certificates or (None, None))[:2]:
            raise Unsigned
        return fields

    def _do(self, method: str, content: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        if method == "alipay.data.dataservice.bill.downloadurl.query":
            return _done(bill_download_url=f"{self.bills_url}/download?day={content['bill_date']}")
        if method.startswith("alipay.fund.trans."):
            if self.certificates is None:
                return {"code": "40006", "sub_code": "isv.insufficient-isv-permissions"}
            return self._payout(method, content, at=at)
        if method.startswith("alipay.merchant.tradecomplain."):
            return self._complaint(method, content)
        trade = self._find(content)
        # What is frozen is no trade before it is taken.
        if trade is None or (trade.holds and trade.state is not TradeIs.PAID):
            return _refused("ACQ.TRADE_NOT_EXIST")
        match method:
            case "alipay.trade.query":
                return _done(**self._about(trade))
            case "alipay.trade.close":
                closed = self.books.close(trade)
                return _done(**self._about(trade)) if closed else _refused("ACQ.REASON_TRADE_STATUS_INVALID")
            case "alipay.trade.refund":
                return self._refund(trade, content, at=at)
            case "alipay.trade.fastpay.refund.query":
                return self._asked_refund(content)
        return {"code": "40004", "sub_code": "isv.invalid-method"}

    def notice_of_dispute(self, one: Disputed, *, at: datetime, by_stranger: bool = False) -> Sent:
        about = {
            "msg_method": "alipay.merchant.tradecomplain.changed",
            "biz_content": json.dumps({"complain_event_id": one.own_id}),
        }
        return self._notice(about, one.trade.notice_url, by_stranger=by_stranger)

    def notice_of_payout(self, one: PaidTo, *, at: datetime, by_stranger: bool = False) -> Sent:
        content = {"out_biz_no": one.key, "status": TRANSFERS[one.state]}
        about = {"msg_method": "alipay.fund.trans.order.changed", "biz_content": json.dumps(content)}
        return self._notice(about, self.bills_url, by_stranger=by_stranger)

    def _payout(self, method: str, content: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        if method.endswith(".query"):
            one = self.payouts.made.get(content["out_biz_no"])
            if one is None:
                return _refused("ORDER_NOT_EXIST")
        else:
            if self.payouts.broke:
                return _refused("PAYER_BALANCE_NOT_ENOUGH")
            to = content["payee_info"]
            amount = Money.parse(content["trans_amount"]).minor
            one = self.payouts.order(
                content["out_biz_no"], amount, "CNY",
                to=to["identity"], name=to["name"], own_id=self.books.new_id("2026"), at=at,
            )  # fmt: skip
            if one is None or "identity_type" not in to:
                return _refused("INVALID_PARAMETER")
        back = {"error_code": one.reason, "fail_reason": one.reason} if one.reason else {}
        return _done(out_biz_no=one.key, order_id=one.own_id, status=TRANSFERS[one.state], **back)

    def _complaint(self, method: str, content: dict[str, Any]) -> dict[str, Any]:
        one = self.books.disputes.get(content["complain_event_id"])
        if one is None:
            return _refused("COMPLAIN_NOT_EXIST")
        if method.endswith(".submit"):
            said = content["feedback_content"] if content["feedback_code"] == "04" else ""
            done = self.books.answer_dispute(one.own_id, said)
            return _done() if done else _refused("COMPLAIN_STATUS_ERROR")
        return _done(
            complain_event_id=one.own_id,
            status=COMPLAINTS[one.state],
            trade_no=one.trade.charge_id,
            complain_amount=_text(one.amount),
        )

    def _find(self, content: dict[str, Any]) -> Trade | None:
        by_charge = {one.charge_id: one for one in self.books.trades.values()}
        return self.books.trades.get(content.get("out_trade_no", "")) or by_charge.get(
            content.get("trade_no", "")
        )

    def _refund(self, trade: Trade, content: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        amount = Money.parse(content["refund_amount"]).minor
        made = self.books.refund(trade, content["out_request_no"], amount, at=at)
        if made is None:
            return _refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        changed = "Y" if made.state is RefundIs.PAID else "N"
        return _done(trade_no=trade.charge_id, out_trade_no=trade.number, fund_change=changed)

    def _asked_refund(self, content: dict[str, Any]) -> dict[str, Any]:
        found = self.books.refunds.get(content["out_request_no"])
        # Alipay answers "done" without a status while the money is on its way.
        if found is None or found.state is RefundIs.PENDING:
            return _done()
        if found.state is RefundIs.FAILED:
            return _refused("ACQ.REFUND_FAILED")
        return _done(refund_status="REFUND_SUCCESS", refund_amount=_text(found.amount))

    def _about(self, trade: Trade) -> dict[str, str]:
        return {
            "trade_no": trade.charge_id,
            "out_trade_no": trade.number,
            "trade_status": STATUS[trade.state],
            "total_amount": _text(trade.amount),
            "buyer_logon_id": "zhi***@example.com",
        }

    def _answer(self, name: str, inner: dict[str, Any], fault: Fault | None) -> Answer:
        if fault is Fault.LOST:
            return Answer(0)
        if fault is Fault.BROKEN:
            return Answer(502, b"<html>Bad Gateway</html>")
        if fault is Fault.GARBAGE:
            return Answer(200, b"<html>busy</html>")
        text = json.dumps(inner, ensure_ascii=False, separators=(",", ":"))
        signer = self.stranger if fault is Fault.FORGED else self.own
        under = f'"alipay_cert_sn":"{self.certificates[2]}",' if self.certificates else ""
        return Answer(200, f'{{"{name}":{text},{under}"sign":"{signer.sign(text)}"}}'.encode())

    def _notice(self, about: dict[str, str], url: str, *, by_stranger: bool) -> Sent:
        fields = (
            {"notify_type": "trade_status_sync"}
            | about
            | {
                "notify_id": self.books.new_id("notify"),
                "app_id": self.app_id,
                "seller_id": self.seller_id,
                "charset": "utf-8",
                "version": "1.0",
            }
        )
        signer = self.stranger if by_stranger else self.own
        fields |= {"sign": signer.sign(signed_text(fields)), "sign_type": "RSA2"}
        return Sent(url, {"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode())

    def _bill(self, request: Request) -> bytes:
        day = date.fromisoformat(dict(parse_qsl(urlsplit(request.path).query))["day"])
        paid, back = self.books.day(day, BEIJING)
        rows = [
            [t.charge_id, t.number, "交易", "", _text(t.amount), f"-{_text(_fee(t.amount))}"] for t in paid
        ]
        rows += [
            [r.trade.charge_id, r.trade.number, "退款", r.key, f"-{_text(r.amount)}", "0.00"] for r in back
        ]
        table = io.StringIO("#支付宝业务明细查询\n")
        table.seek(0, io.SEEK_END)
        csv.writer(table).writerows([HEAD, *rows])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("20885_业务明细.csv", table.getvalue().encode("gb18030"))
            archive.writestr("20885_业务明细(汇总).csv", "门店编号".encode("gb18030"))
        return packed.getvalue()


def _done(**fields: Any) -> dict[str, Any]:
    return {"code": "10000", "msg": "Success", **fields}


def _refused(sub_code: str) -> dict[str, Any]:
    return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code}


def _text(minor: int) -> str:
    return Money(minor).decimal_text


def _fee(minor: int) -> int:
    return Money(minor).permille(6).minor

"""Alipay's open platform: signed forms (RSA2) one way, signed JSON inside JSON the other.

Source: opendocs.alipay.com (alipay.trade.page.pay, wap.pay, query, close, refund, fastpay.refund.query, the
asynchronous notice, data.dataservice.bill.downloadurl.query), read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from kernel.errors import N_
from kernel.money import Money
from payments.gateways import alipay_bills, alipay_notices, credentials, payout_notices
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
    StatementPart,
    Trade,
    TradeState,
    TurnedDown,
    Unclear,
)

# Alipay writes and reads wall-clock times of Beijing, whatever the zone of the shop.
BEIJING = ZoneInfo("Asia/Shanghai")
PATH = "/gateway.do"
DONE = "10000"
LONGEST_ANSWER = 200
# "Service unavailable" and "call limit": not an answer about the trade.
UNSETTLED = ("20000", "40003")
AGAIN = ("ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "isp.unknow-error")
COMPLAINTS = {
    "MERCHANT_PROCESSING": DisputeIs.TO_ANSWER,
    "MERCHANT_FEEDBACKED": DisputeIs.ANSWERED,
    "PLATFORM_PROCESSING": DisputeIs.ANSWERED,
    # Alipay takes no money by a complaint: what goes back is a refund of ours.
    "FINISHED": DisputeIs.WON,
    "CANCELLED": DisputeIs.WON,
    "PLATFORM_FINISH": DisputeIs.WON,
    "CLOSED": DisputeIs.WON,
}


def signed_text(fields: Mapping[str, str], *, without: tuple[str, ...] = ("sign",)) -> str:
    """What is signed: the non-empty fields but the signature, sorted, as k=v joined by "&", not escaped."""
    return "&".join(f"{k}={v}" for k, v in sorted(fields.items()) if v and k not in without)


def moment(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Reply:
    """The inner object of an answer whose signature held."""

    fields: dict[str, Any]

    @property
    def is_done(self) -> bool:
        return self.fields.get("code") == DONE

    @property
    def reason(self) -> str:
        return str(self.fields.get("sub_code") or self.fields.get("code") or "")


class AlipayGateway:
    name = "alipay"
    title = N_("Alipay")
    explanation = N_("You pay on Alipay's page or in its app. We hold the money until you have the goods.")
    currencies = frozenset({"CNY"})
    zone = "Asia/Shanghai"

    def is_offered(self) -> bool:
        return credentials.alipay() is not None

    def begin(self, intent: Intent, *, at: datetime) -> Handover:
        keys = self._keys()
        product = "QUICK_WAP_WAY" if intent.on_phone else "FAST_INSTANT_TRADE_PAY"
        content = {
            "out_trade_no": intent.number,
            "total_amount": intent.amount.decimal_text,
            "subject": intent.subject,
            "product_code": product,
            "time_expire": moment(intent.expires_at),
        }
        method = "alipay.trade.wap.pay" if intent.on_phone else "alipay.trade.page.pay"
        extra = {"return_url": intent.return_url, "notify_url": intent.notice_url}
        fields = self._fields(method, content, at=at, **extra)
        return Handover(url=f"{keys.url}{PATH}?{urlencode(fields)}")

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        raise Unclear("Alipay is reached by an address, not by a call")

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        return self.request("alipay.trade.query", {"out_trade_no": trade.number}, at=at)

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        reply = self.reply(answer, "alipay_trade_query_response")
        # The payer never opened the page: for Alipay there is no trade yet.
        if reply.reason == "ACQ.TRADE_NOT_EXIST":
            return Sight(TradeState.UNKNOWN)
        self._must_be_done(reply)
        state = alipay_notices.STATES.get(str(reply.fields.get("trade_status")), TradeState.UNKNOWN)
        if state is not TradeState.PAID:
            return Sight(state)
        return Sight(
            state, str(reply.fields["trade_no"]), alipay_notices.yuan(reply.fields.get("total_amount"))
        )

    def close(self, trade: Trade, *, at: datetime) -> Request:
        return self.request("alipay.trade.close", {"out_trade_no": trade.number}, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        reply = self.reply(answer, "alipay_trade_close_response")
        if reply.reason != "ACQ.TRADE_NOT_EXIST":
            self._must_be_done(reply)

    def read_notice(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Notice:
        keys = credentials.alipay()
        if keys is None:
            raise ForgedNotice()
        fields = alipay_notices.form(body)
        text = signed_text(fields, without=("sign", "sign_type"))
        if fields.get("sign_type") != "RSA2" or not keys.theirs.fits(fields.get("sign", ""), text):
            raise ForgedNotice()
        if fields.get("msg_method") == alipay_notices.COMPLAINED and fields.get("app_id") == keys.app_id:
            return alipay_notices.complaint(fields)
        if fields.get("msg_method") == payout_notices.ALIPAY and fields.get("app_id") == keys.app_id:
            return payout_notices.of_alipay(fields)
        frozen = fields.get("notify_type") in alipay_notices.FROZEN
        if frozen and (fields.get("app_id"), fields.get("payee_user_id")) == (keys.app_id, keys.seller_id):
            return alipay_notices.authorisation(fields)
        # Genuine, but for another app or another seller's money.
        if fields.get("app_id") != keys.app_id or fields.get("seller_id") != keys.seller_id:
            raise ForgedNotice()
        return alipay_notices.notice(fields)

    def receipt(self) -> Receipt:
        # Anything but this word, and Alipay sends the notice again for 24 hours.
        return Receipt("success")

    def refund_request(self, order: RefundOrder, *, at: datetime) -> Request:
        content = {
            "trade_no": order.charge_id,
            "refund_amount": order.amount.decimal_text,
            "out_request_no": order.key,
        }
        return self.request("alipay.trade.refund", content, at=at)

    def read_refund_answer(self, answer: Answer, *, at: datetime) -> Outcome:
        return self._refund_outcome(answer, "alipay_trade_refund_response", "fund_change", "Y")

    def ask_refund(self, order: RefundOrder, *, at: datetime) -> Request:
        content = {"trade_no": order.charge_id, "out_request_no": order.key}
        return self.request("alipay.trade.fastpay.refund.query", content, at=at)

    def read_asked_refund(self, answer: Answer, order: RefundOrder, *, at: datetime) -> Outcome:
        name = "alipay_trade_fastpay_refund_query_response"
        return self._refund_outcome(answer, name, "refund_status", "REFUND_SUCCESS")

    def statement_request(self, day: date, *, at: datetime) -> Request:
        content = {"bill_type": "trade", "bill_date": day.isoformat()}
        return self.request("alipay.data.dataservice.bill.downloadurl.query", content, at=at)

    def further_statements(self, day: date, *, at: datetime) -> tuple[Request, ...]:
        return ()

    def read_statement(self, answer: Answer, *, at: datetime) -> StatementPart:
        if alipay_bills.is_file(answer.body):
            return StatementPart(alipay_bills.lines(answer.body))
        reply = self.reply(answer, "alipay_data_dataservice_bill_downloadurl_query_response")
        # No trade on that day: an empty statement, not a fault.
        if reply.reason == "isp.bill_not_exist":
            return StatementPart()
        self._must_be_done(reply)
        path = alipay_bills.path_of(str(reply.fields.get("bill_download_url")), self._keys().bills_url)
        return StatementPart(rest=Request(path, method="GET", origin="files"))

    def ask_dispute(self, dispute_id: str, *, at: datetime) -> Request:
        return self.request("alipay.merchant.tradecomplain.query", {"complain_event_id": dispute_id}, at=at)

    def read_dispute(self, answer: Answer, *, at: datetime) -> DisputeTold:
        reply = self.reply(answer, "alipay_merchant_tradecomplain_query_response")
        self._must_be_done(reply)
        found, state = reply.fields, COMPLAINTS.get(str(reply.fields.get("status")))
        if state is None:
            raise Unclear(f"a complaint that is {found.get('status')}")
        return DisputeTold(
            str(found["complain_event_id"]),
            str(found["trade_no"]),
            Money.parse(str(found["complain_amount"])),
            state,
        )

    def answer_dispute(self, dispute_id: str, evidence: str, *, at: datetime) -> Request:
        # Its codes: 02 refunded by other means, which is what an accepted complaint comes to; 04 other.
        content = {
            "complain_event_id": dispute_id,
            "feedback_code": "04" if evidence else "02",
            "feedback_content": evidence[:LONGEST_ANSWER] or "同意退款",
        }
        return self.request("alipay.merchant.tradecomplain.feedback.submit", content, at=at)

    def read_dispute_answered(self, answer: Answer, *, at: datetime) -> None:
        self._must_be_done(self.reply(answer, "alipay_merchant_tradecomplain_feedback_submit_response"))

    def _keys(self) -> credentials.AlipayKeys:
        found = credentials.alipay()
        if found is None:
            raise Unclear("no keys of Alipay here")
        return found

    def _fields(
        self, method: str, content: Mapping[str, Any], *, at: datetime, **extra: str
    ) -> dict[str, str]:
        keys = self._keys()
        fields = {
            "app_id": keys.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": moment(at),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        } | extra
        if held := keys.certificates:
            fields |= {"app_cert_sn": held.app_sn, "alipay_root_cert_sn": held.root_sn}
        return fields | {"sign": keys.ours.sign(signed_text(fields))}

    @property
    def seller_id(self) -> str:
        return self._keys().seller_id

    def request(self, method: str, content: Mapping[str, Any], *, at: datetime, **extra: str) -> Request:
        body = urlencode(self._fields(method, content, at=at, **extra)).encode()
        return Request(PATH, body, {"content-type": "application/x-www-form-urlencoded;charset=utf-8"})

    def reply(self, answer: Answer, name: str) -> Reply:
        """The inner object; its signature is over the very bytes that stand in the answer."""
        if answer.status != 200:
            raise Unclear(f"status {answer.status}")
        text = answer.body.decode("utf-8", "replace")
        inner, signature, under = _inner(text, name)
        keys = self._keys()
        # A new certificate of theirs is put into the file by a person, never taken from an answer.
        if keys.certificates and under != keys.certificates.their_sn:
            raise Unclear("the answer is signed under a certificate that we don't have")
        if not keys.theirs.fits(signature, inner):
            raise Unclear("the answer isn't signed by Alipay")
        fields = json.loads(inner)
        if fields.get("code") in UNSETTLED or fields.get("sub_code") in AGAIN:
            raise Unclear(str(fields.get("sub_code") or fields["code"]))
        return Reply(fields)

    def _must_be_done(self, reply: Reply) -> None:
        if not reply.is_done:
            raise TurnedDown(reply.reason)

    def _refund_outcome(self, answer: Answer, name: str, field: str, arrived: str) -> Outcome:
        try:
            reply = self.reply(answer, name)
        except Unclear:
            return Outcome.AGAIN
        if not reply.is_done:
            return Outcome.REFUSED
        return Outcome.PAID if reply.fields.get(field) == arrived else Outcome.ACCEPTED


def _inner(text: str, name: str) -> tuple[str, str, str]:
    """The raw text of member `name`, its signature and the name of its certificate. :raises Unclear:"""
    try:
        outer = json.loads(text)
        signature = str(outer["sign"])
        begin = text.index(f'"{name}":') + len(name) + 3
        begin += len(text[begin:]) - len(text[begin:].lstrip())
        _, end = json.JSONDecoder().raw_decode(text, begin)
    except (ValueError, KeyError, TypeError):
        raise Unclear("not an answer of Alipay") from None
    return text[begin:end], signature, str(outer.get("alipay_cert_sn", ""))

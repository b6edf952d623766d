"""Alipay reserves: a frozen sum that becomes a trade when we take it.

Source: opendocs.alipay.com (pre-authorisation: alipay.fund.auth.order.voucher.create,
.operation.detail.query, .operation.cancel, .order.unfreeze; alipay.trade.pay; alipay.trade.query),
read 2026-11.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel.money import Money
from payments.gateways import alipay_notices
from payments.gateways.alipay import AlipayGateway, Reply
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

PRODUCT = "PREAUTH_PAY"
# The one operation of an order that freezes; a name of our own within the order's.
FREEZE = "freeze"
FROZEN = {
    "INIT": TradeState.WAITING,
    "SUCCESS": TradeState.AUTHORISED,
    "CLOSED": TradeState.CLOSED,
}
NO_ORDER = ("AUTH_ORDER_NOT_EXIST", "ACQ.AUTH_ORDER_NOT_EXIST")
# Asked for again: the trade stands, and what it is in is asked.
STANDS = ("ACQ.TRADE_HAS_SUCCESS", "ACQ.CONTEXT_INCONSISTENT")
IN_PROCESS = "10003"


class AlipayAuthoriser:
    name = "alipay"
    # Agreed by contract; ours is the least that Alipay grants.
    lasts = timedelta(days=7)

    def __init__(self, gateway: AlipayGateway) -> None:
        self._gateway = gateway

    def begin(self, intent: Intent, *, at: datetime) -> Request:
        minutes = max(1, int((intent.expires_at - at).total_seconds()) // 60)
        content = {
            "out_order_no": intent.number,
            "out_request_no": FREEZE,
            "order_title": intent.subject,
            "amount": intent.amount.decimal_text,
            "product_code": PRODUCT,
            "pay_timeout": f"{minutes}m",
            "payee_user_id": self._gateway.seller_id,
        }
        method = "alipay.fund.auth.order.voucher.create"
        return self._gateway.request(method, content, at=at, notify_url=intent.notice_url)

    def read_begin(self, answer: Answer, *, at: datetime) -> Handover:
        reply = self._done(answer, "alipay_fund_auth_order_voucher_create_response")
        return Handover(code=str(reply.fields["code_value"]))

    def ask(self, trade: Trade, *, at: datetime) -> Request:
        content = {"out_order_no": trade.number, "out_request_no": FREEZE}
        return self._gateway.request("alipay.fund.auth.operation.detail.query", content, at=at)

    def read_asked(self, answer: Answer, *, at: datetime) -> Sight:
        try:
            found = self._done(answer, "alipay_fund_auth_operation_detail_query_response").fields
        except TurnedDown as refusal:
            if str(refusal) in NO_ORDER:
                return Sight(TradeState.UNKNOWN)
            raise
        state = FROZEN.get(str(found.get("status")), TradeState.UNKNOWN)
        if state is not TradeState.AUTHORISED:
            return Sight(state)
        frozen = alipay_notices.yuan(found.get("amount"))
        return Sight(state, "", frozen, str(found["auth_no"]))

    def close(self, trade: Trade, *, at: datetime) -> Request:
        content = {"out_order_no": trade.number, "out_request_no": FREEZE, "remark": "订单已关闭"}
        return self._gateway.request("alipay.fund.auth.operation.cancel", content, at=at)

    def read_closed(self, answer: Answer, *, at: datetime) -> None:
        try:
            self._done(answer, "alipay_fund_auth_operation_cancel_response")
        except TurnedDown as refusal:
            if str(refusal) not in NO_ORDER:
                raise

    def capture(self, one: Authorised, *, at: datetime) -> Request:
        content = {
            "out_trade_no": one.number,
            "auth_no": one.reference,
            "total_amount": one.amount.decimal_text,
            "subject": one.subject or one.number,
            "product_code": PRODUCT,
            "seller_id": self._gateway.seller_id,
            # What we don't take is free again with the same step.
            "auth_confirm_mode": "COMPLETE",
        }
        return self._gateway.request("alipay.trade.pay", content, at=at, notify_url=one.notice_url)

    def read_captured(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        reply = self._gateway.reply(answer, "alipay_trade_pay_response")
        if reply.fields.get("code") == IN_PROCESS or reply.reason in STANDS:
            return AuthorisedTold(AuthorisedIs.AGAIN, reason=reply.reason)
        return _taken(_must(reply).fields)

    def release(self, one: Authorised, *, at: datetime) -> Request:
        content = {
            "auth_no": one.reference,
            "out_request_no": one.key,
            "amount": one.whole.decimal_text,
            "remark": "未确认，释放",
        }
        method = "alipay.fund.auth.order.unfreeze"
        return self._gateway.request(method, content, at=at, notify_url=one.notice_url)

    def read_released(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        reply = self._done(answer, "alipay_fund_auth_order_unfreeze_response")
        done = reply.fields.get("status") == "SUCCESS"
        return AuthorisedTold(AuthorisedIs.RELEASED if done else AuthorisedIs.AGAIN)

    def ask_now(self, one: Authorised, *, at: datetime) -> Request:
        return self._gateway.ask(Trade(one.number, ""), at=at)

    def read_now(self, answer: Answer, one: Authorised, *, at: datetime) -> AuthorisedTold:
        """A frozen sum is a trade from the moment that it is taken; before, Alipay knows none."""
        seen = self._gateway.read_asked(answer, at=at)
        if seen.state is TradeState.PAID:
            return AuthorisedTold(AuthorisedIs.CAPTURED, seen.charge_id, seen.amount)
        return AuthorisedTold(AuthorisedIs.HELD if seen.state is TradeState.UNKNOWN else AuthorisedIs.AGAIN)

    def _done(self, answer: Answer, name: str) -> Reply:
        return _must(self._gateway.reply(answer, name))


def _must(reply: Reply) -> Reply:
    if not reply.is_done:
        raise TurnedDown(reply.reason)
    return reply


def _taken(found: dict[str, Any]) -> AuthorisedTold:
    amount = alipay_notices.yuan(found.get("total_amount"))
    if amount is None or not found.get("trade_no"):
        raise Unclear("a trade without its number or sum")
    return AuthorisedTold(AuthorisedIs.CAPTURED, str(found["trade_no"]), Money(amount.minor))

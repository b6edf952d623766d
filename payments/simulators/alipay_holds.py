"""The simulated Alipay's pre-authorisations: a code to scan freezes a sum, a trade takes it, or it thaws."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kernel.money import Money
from payments.gateways.alipay_holds import PRODUCT
from payments.simulators.books import Books, Trade, TradeIs

FROZEN = {TradeIs.WAITING: "INIT", TradeIs.HELD: "SUCCESS", TradeIs.PAID: "SUCCESS", TradeIs.CLOSED: "CLOSED"}


def is_about(method: str, content: dict[str, Any]) -> bool:
    """Whether a call is one of pre-authorisation."""
    return method.startswith("alipay.fund.auth.") or "auth_no" in content


def do(
    books: Books, seller_id: str, method: str, content: dict[str, Any], notice_url: str, *, at: datetime
) -> dict[str, Any]:
    """The inner object of the answer."""
    if method == "alipay.fund.auth.order.voucher.create":
        return _create(books, seller_id, content, notice_url, at=at)
    by_auth = {one.hold_id: one for one in books.trades.values() if one.hold_id}
    trade = books.trades.get(content.get("out_order_no", "")) or by_auth.get(content.get("auth_no", ""))
    if trade is None or not trade.holds:
        return _refused("AUTH_ORDER_NOT_EXIST")
    match method:
        case "alipay.fund.auth.operation.detail.query":
            return _done(**about(trade), amount=_text(trade.amount))
        case "alipay.fund.auth.operation.cancel":
            closed = books.close(trade)
            return _done(**about(trade), action="close") if closed else _refused("AUTH_ORDER_HAS_FINISHED")
        case "alipay.fund.auth.order.unfreeze":
            if trade.state is TradeIs.PAID or content["amount"] != _text(trade.amount):
                return _refused("AUTH_ORDER_HAS_FINISHED")
            books.release(trade)
            return _done(**about(trade), amount=content["amount"]) | {"status": "SUCCESS"}
        case "alipay.trade.pay":
            return _take(books, seller_id, trade, content, at=at)
    return {"code": "40004", "sub_code": "isv.invalid-method"}


def about(trade: Trade) -> dict[str, str]:
    return {
        "auth_no": trade.hold_id,
        "out_order_no": trade.number,
        "status": FROZEN[trade.state],
        "payer_logon_id": "zhi***@example.com",
    }


def _create(
    books: Books, seller_id: str, content: dict[str, Any], notice_url: str, *, at: datetime
) -> dict[str, Any]:
    number, minutes = content["out_order_no"], int(content["pay_timeout"].removesuffix("m"))
    if content["product_code"] != PRODUCT or content["payee_user_id"] != seller_id:
        return _refused("INVALID_PARAMETER")
    known = books.trades.get(number)
    if known is None:
        ends = at + timedelta(minutes=minutes)
        amount = Money.parse(content["amount"]).minor
        known = Trade(number, books.new_id("20261122"), amount, "CNY", ends, notice_url, holds=True)
        known.hold_id = books.new_id("2026112210002")
        books.trades[number] = known
    return _done(out_order_no=number, code_type="SHARE_CODE", code_value=f"https://qr.alipay.com/{number}")


def _take(
    books: Books, seller_id: str, trade: Trade, content: dict[str, Any], *, at: datetime
) -> dict[str, Any]:
    if (content["product_code"], content["seller_id"]) != (PRODUCT, seller_id):
        return _refused("ACQ.INVALID_PARAMETER")
    if content["out_trade_no"] != trade.number:
        return _refused("ACQ.CONTEXT_INCONSISTENT")
    if trade.state is TradeIs.PAID:
        return _refused("ACQ.TRADE_HAS_SUCCESS")
    if not books.capture(trade, Money.parse(content["total_amount"]).minor, at=at):
        return _refused("ACQ.AUTH_AMOUNT_NOT_ENOUGH")
    total = _text(trade.amount)
    return _done(trade_no=trade.charge_id, out_trade_no=trade.number, total_amount=total)


def _done(**fields: Any) -> dict[str, Any]:
    return {"code": "10000", "msg": "Success", **fields}


def _refused(sub_code: str) -> dict[str, Any]:
    return {"code": "40004", "msg": "Business Failed", "sub_code": sub_code}


def _text(minor: int) -> str:
    return Money(minor).decimal_text

"""Alipay pays shops: into their account with it, or into their bank account.

Source: opendocs.alipay.com (alipay.fund.trans.uni.transfer, alipay.fund.trans.common.query, the message
alipay.fund.trans.order.changed), read 2026-11.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from merchants.payout_channels import PayoutChannel
from payments.gateways import credentials
from payments.gateways.alipay import AlipayGateway, Reply
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold
from payments.gateways.protocol import Answer, Request, Unclear

SCENE = "DIRECT_TRANSFER"
PRODUCTS = {PayoutChannel.BANK: "TRANS_BANKCARD_NO_PWD", PayoutChannel.ALIPAY: "TRANS_ACCOUNT_NO_PWD"}
STATES = {
    "SUCCESS": PaidOut.PAID,
    "DEALING": PaidOut.ACCEPTED,
    "WAIT_PAY": PaidOut.ACCEPTED,
    "FAIL": PaidOut.FAILED,
    "CLOSED": PaidOut.FAILED,
    # The bank took it in and sent it back, days later.
    "REFUND": PaidOut.FAILED,
}
# Not the end of it: our own account there runs dry for an hour, or Alipay is busy.
AGAIN = ("SYSTEM_ERROR", "PAYER_BALANCE_NOT_ENOUGH", "BALANCE_IS_NOT_ENOUGH", "REQUEST_PROCESSING")
UNKNOWN = ("ORDER_NOT_EXIST", "TRANS_ORDER_NOT_EXIST")


class AlipayPaymaster:
    name = "alipay"
    channels = frozenset(PRODUCTS)
    lists_payouts = False
    repays_payers = False

    def __init__(self, gateway: AlipayGateway) -> None:
        self._gateway = gateway

    def is_able(self) -> bool:
        # Alipay moves no money out under plain keys.
        keys = credentials.alipay()
        return keys is not None and keys.certificates is not None

    def order(self, order: PayoutOrder, *, at: datetime) -> Request:
        content = {
            "out_biz_no": order.key,
            "trans_amount": order.amount.decimal_text,
            "product_code": PRODUCTS[order.channel],
            "biz_scene": SCENE,
            "order_title": "货款结算",
            "payee_info": _payee(order),
        }
        return self._gateway.request("alipay.fund.trans.uni.transfer", content, at=at)

    def read_order(self, answer: Answer, *, at: datetime) -> PayoutTold:
        return self._told(answer, "alipay_fund_trans_uni_transfer_response")

    def ask(self, order: PayoutOrder, *, at: datetime) -> Request:
        content = {"out_biz_no": order.key, "product_code": PRODUCTS[order.channel], "biz_scene": SCENE}
        return self._gateway.request("alipay.fund.trans.common.query", content, at=at)

    def read_asked(self, answer: Answer, order: PayoutOrder, *, at: datetime) -> PayoutTold:
        return self._told(answer, "alipay_fund_trans_common_query_response")

    def _told(self, answer: Answer, name: str) -> PayoutTold:
        try:
            reply = self._gateway.reply(answer, name)
        except Unclear:
            return PayoutTold(PaidOut.AGAIN)
        if reply.reason in AGAIN:
            return PayoutTold(PaidOut.AGAIN, reply.reason)
        if not reply.is_done:
            return PayoutTold(PaidOut.UNKNOWN if reply.reason in UNKNOWN else PaidOut.FAILED, reply.reason)
        return PayoutTold(STATES.get(str(reply.fields.get("status")), PaidOut.AGAIN), _why(reply))


def _payee(order: PayoutOrder) -> dict[str, Any]:
    if order.channel is PayoutChannel.BANK:
        extra = {"inst_name": order.bank, "account_type": "1" if order.of_business else "2"}
        return {
            "identity": order.number,
            "identity_type": "BANKCARD_ACCOUNT",
            "name": order.holder,
            "bankcard_ext_info": extra,
        }
    kind = "ALIPAY_USER_ID" if re.fullmatch(r"2088\d{12}", order.number) else "ALIPAY_LOGON_ID"
    return {"identity": order.number, "identity_type": kind, "name": order.holder}


def _why(reply: Reply) -> str:
    return str(reply.fields.get("error_code") or "")[:60]

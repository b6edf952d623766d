"""WeChat Pay pays shops into their own WeChat wallet (by openid); banks it doesn't reach by this interface.

Source: pay.weixin.qq.com/doc/v3 (merchant transfer: fund-app/mch-transfer/transfer-bills, its query and its
notice MCHTRANSFER.BILL.FINISHED), read 2026-11. From 2,000 yuan on the holder's name must be sent, sealed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from merchants.payout_channels import PayoutChannel
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold
from payments.gateways.protocol import Answer, Request, TurnedDown, Unclear
from payments.gateways.wechatpay import WeChatPayGateway

BILLS = "/v3/fund-app/mch-transfer/transfer-bills"
# "Business-to-business payment for goods": what the transfer is for, as registered with WeChat Pay.
SCENE = "1009"
STATES = {
    "SUCCESS": PaidOut.PAID,
    "FAIL": PaidOut.FAILED,
    "CANCELLED": PaidOut.FAILED,
    "ACCEPTED": PaidOut.ACCEPTED,
    "PROCESSING": PaidOut.ACCEPTED,
    "WAIT_USER_CONFIRM": PaidOut.ACCEPTED,
    "TRANSFERING": PaidOut.ACCEPTED,
    "CANCELING": PaidOut.ACCEPTED,
}
UNKNOWN = ("NOT_FOUND", "RESOURCE_NOT_EXISTS")


class WeChatPayPaymaster:
    name = "wechatpay"
    channels = frozenset({PayoutChannel.WECHATPAY})
    lists_payouts = True
    repays_payers = False

    def __init__(self, gateway: WeChatPayGateway) -> None:
        self._gateway = gateway

    def is_able(self) -> bool:
        return True

    def order(self, order: PayoutOrder, *, at: datetime) -> Request:
        keys = self._gateway.keys()
        serial, theirs = next(iter(keys.their_keys.items()))
        document: dict[str, Any] = {
            "appid": keys.app_id,
            "out_bill_no": order.key,
            "transfer_scene_id": SCENE,
            "openid": order.number,
            "user_name": theirs.seal(order.holder),
            "transfer_amount": order.amount.minor,
            "transfer_remark": "货款结算",
            "notify_url": order.notice_url,
            "transfer_scene_report_infos": [{"info_type": "采购商品名称", "info_content": "平台货款"}],
        }
        made = self._gateway.request("POST", BILLS, document, at=at)
        # Says with which of its keys the name was sealed.
        return replace(made, headers=made.headers | {"wechatpay-serial": serial})

    def read_order(self, answer: Answer, *, at: datetime) -> PayoutTold:
        return self._told(answer, at=at)

    def ask(self, order: PayoutOrder, *, at: datetime) -> Request:
        return self._gateway.request("GET", f"{BILLS}/out-bill-no/{order.key}", None, at=at)

    def read_asked(self, answer: Answer, order: PayoutOrder, *, at: datetime) -> PayoutTold:
        return self._told(answer, at=at)

    def _told(self, answer: Answer, *, at: datetime) -> PayoutTold:
        try:
            found = self._gateway.read(answer, at=at)
        except Unclear as problem:
            return PayoutTold(PaidOut.AGAIN, str(problem)[:60])
        except TurnedDown as refusal:
            unknown = str(refusal) in UNKNOWN
            return PayoutTold(PaidOut.UNKNOWN if unknown else PaidOut.FAILED, str(refusal)[:60])
        state = STATES.get(str(found.get("state")), PaidOut.AGAIN)
        return PayoutTold(state, str(found.get("fail_reason") or "")[:60])

"""Notices about payouts: only which one it is about; what became of it is asked, never believed."""

from __future__ import annotations

import json
from typing import Any

from payments.gateways.protocol import ForgedNotice, Notice, NoticeKind

# How Alipay and WeChat Pay name such a notice.
ALIPAY = "alipay.fund.trans.order.changed"
WECHATPAY = "MCHTRANSFER.BILL.FINISHED"


def of_alipay(fields: dict[str, str]) -> Notice:
    """:raises ForgedNotice: when it names none"""
    try:
        key = json.loads(fields.get("biz_content", ""))["out_biz_no"]
    except (ValueError, KeyError, TypeError):
        raise ForgedNotice() from None
    return _notice(fields.get("notify_id", ""), key, {"msg_method": ALIPAY})


def of_wechatpay(event: str, inner: dict[str, Any]) -> Notice:
    """Whose wallet it was (an openid) isn't kept. :raises ForgedNotice: when it names none"""
    return _notice(event, inner.get("out_bill_no"), {"event_type": WECHATPAY})


def of_stripe(event_id: str, kind: str, transfer: dict[str, Any]) -> Notice:
    """A transfer that we didn't make is news. :raises ForgedNotice: without a name of its own"""
    key = (transfer.get("metadata") or {}).get("payout")
    if not key and event_id:
        return Notice(event_id, NoticeKind.NEWS, "", "", 0, "CNY", "", {"type": kind})
    return _notice(event_id, key, {"type": kind})


def _notice(event: str, key: object, body: dict[str, object]) -> Notice:
    if not isinstance(key, str) or not 0 < len(event) <= 80 or not 0 < len(key) <= 80:
        raise ForgedNotice()
    return Notice(event, NoticeKind.PAYOUT, "", "", 0, "CNY", "", body | {"payout": key}, payout_key=key)

"""Complaints of payers in WeChat: it takes no money by itself, it wants an answer and an end.

Source: pay.weixin.qq.com/doc/v3 (merchant-service/complaints-v2, complaint notices), read 2026-11.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from kernel.money import Money
from payments.gateways import documents
from payments.gateways.protocol import DisputeIs, DisputeTold, ForgedNotice, Notice, NoticeKind, Unclear

LONGEST = 200
STATES = {
    "PENDING": DisputeIs.TO_ANSWER,
    "PROCESSING": DisputeIs.ANSWERED,
    "PROCESSED": DisputeIs.WON,
}


def path(complaint_id: str) -> str:
    return f"/v3/merchant-service/complaints-v2/{quote(complaint_id, safe='')}"


def notice(event: str, inner: dict[str, Any]) -> Notice:
    """Only which complaint it is about. :raises ForgedNotice: when it names none"""
    complaint = documents.text(inner, "complaint_id")
    if not complaint:
        raise ForgedNotice()
    body = {"complaint_id": complaint, "action_type": documents.text(inner, "action_type")}
    return Notice(event, NoticeKind.DISPUTE, "", "", 0, "CNY", "", dict(body), complaint)


def told(found: dict[str, Any]) -> DisputeTold:
    """One complaint about one order. :raises Unclear: when it isn't about one that was paid here"""
    orders = found.get("complaint_order_info") or []
    state = STATES.get(str(found.get("complaint_state")))
    if state is None or len(orders) != 1:
        raise Unclear("a complaint about no order or several")
    return DisputeTold(
        str(found["complaint_id"]),
        str(orders[0]["transaction_id"]),
        Money(int(orders[0]["amount"])),
        state,
        str(found.get("problem_type", "")),
    )

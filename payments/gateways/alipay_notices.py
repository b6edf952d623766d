"""Alipay's notices: about a trade, about a refund, or that a payer's complaint changed."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from kernel.errors import DomainError
from kernel.money import Money
from payments.gateways.documents import LIMIT_BYTES
from payments.gateways.protocol import ForgedNotice, Notice, NoticeKind, TradeState

COMPLAINED = "alipay.merchant.tradecomplain.changed"
STATES = {
    "WAIT_BUYER_PAY": TradeState.WAITING,
    "TRADE_SUCCESS": TradeState.PAID,
    "TRADE_FINISHED": TradeState.PAID,
    "TRADE_CLOSED": TradeState.CLOSED,
}


def form(body: bytes) -> dict[str, str]:
    """The notice's fields, each once. :raises ForgedNotice:"""
    if len(body) > LIMIT_BYTES:
        raise ForgedNotice()
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise ForgedNotice() from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or any("\0" in value for value in fields.values()):
        raise ForgedNotice()
    return fields


def notice(fields: dict[str, str]) -> Notice:
    """A trade's notice; one that names a refund (out_biz_no) is about that refund."""
    key = fields.get("out_biz_no", "")
    status = STATES.get(fields.get("trade_status", ""))
    refunded = bool(key and fields.get("refund_fee"))
    kind = NoticeKind.REFUND_PAID if refunded else NoticeKind.NEWS
    if not refunded and status is TradeState.PAID:
        kind = NoticeKind.CAPTURED
    amount = yuan(fields["refund_fee"] if refunded else fields.get("total_amount"))
    event = fields.get("notify_id", "")
    if not 0 < len(event) <= 80 or amount is None:
        raise ForgedNotice()
    return Notice(
        event_id=event,
        kind=kind,
        trade_number=fields.get("out_trade_no", "")[:80],
        charge_id=fields.get("trade_no", "")[:80],
        amount_minor=amount.minor,
        currency="CNY",
        refund_key=key[:80],
        body={name: value for name, value in fields.items() if name not in PAYER_FIELDS},
    )


# What the notice says of the payer is nothing that we need; it isn't kept.
PAYER_FIELDS = frozenset(
    {
        *("buyer_id", "buyer_logon_id", "buyer_open_id", "buyer_user_id", "sign", "sign_type"),
        *("payer_user_id", "payer_logon_id", "payer_open_id"),
    }
)
# A sum was frozen for us, or is free again.
FROZEN = {"fund_auth_freeze": NoticeKind.AUTHORISED, "fund_auth_unfreeze": NoticeKind.RELEASED}


def authorisation(fields: dict[str, str]) -> Notice:
    """What of a payer's account is reserved. :raises ForgedNotice: without its names or its sum"""
    kind, amount = FROZEN[fields["notify_type"]], yuan(fields.get("amount"))
    event, name = fields.get("notify_id", ""), fields.get("auth_no", "")
    if not 0 < len(event) <= 80 or not 0 < len(name) <= 80 or amount is None:
        raise ForgedNotice()
    return Notice(
        event_id=event,
        # Only what is done counts; an operation on its way says so itself later.
        kind=kind if fields.get("status") == "SUCCESS" else NoticeKind.NEWS,
        trade_number=fields.get("out_order_no", "")[:80],
        charge_id="",
        amount_minor=amount.minor,
        currency="CNY",
        refund_key="",
        body={name: value for name, value in fields.items() if name not in PAYER_FIELDS},
        authorisation_id=name,
    )


def complaint(fields: dict[str, str]) -> Notice:
    """Only which complaint it is about. :raises ForgedNotice: when it names none"""
    event = fields.get("notify_id", "")
    try:
        found = str(json.loads(fields.get("biz_content", ""))["complain_event_id"])
    except (ValueError, KeyError, TypeError):
        raise ForgedNotice() from None
    if not 0 < len(event) <= 80 or not 0 < len(found) <= 80:
        raise ForgedNotice()
    body: dict[str, object] = {"msg_method": COMPLAINED, "complain_event_id": found}
    return Notice(event, NoticeKind.DISPUTE, "", "", 0, "CNY", "", body, found)


def yuan(text: object) -> Money | None:
    try:
        return Money.parse(str(text))
    except DomainError:
        return None

"""Stripe's events: verified on the raw bytes, then read; what they say of the payer isn't kept.

Source: docs.stripe.com/webhooks#verify-manually and docs.stripe.com/api/events/types, read 2026-11.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime
from typing import Any

from kernel.money import EXPONENTS
from payments.gateways import documents, payout_notices
from payments.gateways.protocol import ForgedNotice, Notice, NoticeKind
from payments.gateways.signing import WINDOW_SECONDS, same

_PART = re.compile(r"(t|v1)=([0-9a-f]+)", re.ASCII)


def verify(header: str, body: bytes, *, secrets: tuple[str, ...], at: datetime) -> None:
    """Check `Stripe-Signature`: one time and any of the signatures under any of the secrets.

    :raises ForgedNotice:
    """
    parts = [_PART.fullmatch(part.strip()) for part in header.split(",") if part.startswith(("t=", "v1="))]
    times = [one[2] for one in parts if one and one[1] == "t"]
    given = [one[2] for one in parts if one and one[1] == "v1"]
    if None in parts or len(times) != 1 or not times[0].isdigit() or not 0 < len(given) <= 8:
        raise ForgedNotice()
    if abs(int(at.timestamp()) - int(times[0][:12])) > WINDOW_SECONDS:
        raise ForgedNotice()
    expected = [signature(secret, times[0], body) for secret in secrets]
    # All are compared, so that the time taken doesn't tell which one matched.
    matches = [same(one, each) for one in given for each in expected]
    if not any(matches):
        raise ForgedNotice()


def signature(secret: str, instant: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a full stop and the raw body, in lower-case hexadecimal."""
    return hmac.new(secret.encode(), instant.encode() + b"." + body, hashlib.sha256).hexdigest()


def document(body: bytes) -> dict[str, Any]:
    """An event; unlike ours it may hold fractions somewhere, never where we look."""
    if len(body) > 4 * documents.LIMIT_BYTES:
        raise ForgedNotice()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ForgedNotice() from None
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict) or b"\\u0000" in body:
        raise ForgedNotice()
    return found


# event → (what it means, the field with the amount)
_EVENTS = {
    "payment_intent.succeeded": (NoticeKind.CAPTURED, "amount_received"),
    "payment_intent.payment_failed": (NoticeKind.DECLINED, "amount"),
    "payment_intent.amount_capturable_updated": (NoticeKind.AUTHORISED, "amount_capturable"),
    "payment_intent.canceled": (NoticeKind.RELEASED, "amount"),
    "refund.updated": (NoticeKind.NEWS, "amount"),
    "refund.failed": (NoticeKind.REFUND_FAILED, "amount"),
    **{
        f"charge.dispute.{step}": (NoticeKind.DISPUTE, "amount")
        for step in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
    },
}

RESERVED = (NoticeKind.AUTHORISED, NoticeKind.RELEASED)


def notice(event: dict[str, Any]) -> Notice:
    kind, field = _EVENTS.get(str(event.get("type")), (NoticeKind.NEWS, "amount"))
    found = event["data"].get("object")
    if not isinstance(found, dict):
        raise ForgedNotice()
    if str(event.get("type")).startswith("transfer."):
        return payout_notices.of_stripe(documents.text(event, "id"), str(event["type"]), found)
    status = found.get("status")
    if event.get("type") == "refund.updated" and status in ("succeeded", "failed"):
        kind = NoticeKind.REFUND_PAID if status == "succeeded" else NoticeKind.REFUND_FAILED
    metadata = found.get("metadata") if isinstance(found.get("metadata"), dict) else {}
    currency = str(found.get("currency", "")).upper()
    amount = found.get(field, 0)
    if kind is not NoticeKind.NEWS and (currency not in EXPONENTS or type(amount) is not int or amount < 0):
        raise ForgedNotice()
    event_id = documents.text(event, "id")
    if not event_id:
        raise ForgedNotice()
    about = "id" if str(event.get("type")).startswith("payment_intent.") else "payment_intent"
    return Notice(
        event_id=event_id,
        kind=kind,
        trade_number=documents.text(dict(metadata or {}), "trade"),
        charge_id=documents.text(found, about) if found.get(about) else "",
        amount_minor=amount if type(amount) is int else 0,
        currency=currency if currency in EXPONENTS else "CNY",
        refund_key=documents.text(dict(metadata or {}), "refund"),
        # The object may name the payer and the card; only what we act on is kept.
        body={"type": event.get("type"), "object": found.get("id"), "status": status, "amount": amount},
        dispute_id=documents.text(found, "id") if kind is NoticeKind.DISPUTE else "",
        authorisation_id=documents.text(found, "id") if kind in RESERVED else "",
    )

"""The sandbox carrier: its signed event feed, read and (for trying things out) written.

An event is JSON {"id", "tracking", "kind", "at"}; two headers prove it: `anxin-sandbox-timestamp` (Unix
seconds, at most five minutes off) and `anxin-sandbox-signature` ("v1=" and the HMAC-SHA256 of
"<timestamp>.<body>" in hexadecimal).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings

from kernel.errors import N_, Invalid
from orders.limits import TRACKING_LENGTH
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import ForgedNotice

NAME = "sandbox"
_PURPOSE = "orders.carriers.sandbox"


class ScanUnreadable(Invalid):
    code = "scan_unreadable"
    message = N_("This event can't be read: it needs id, tracking, kind and at.")


@dataclass(frozen=True, slots=True)
class CarrierScan:
    """One genuine event: what was seen of which parcel, and when."""

    event_id: str
    tracking_number: str
    kind: str
    happened_at: datetime


def read(headers: Mapping[str, str], body: bytes, *, at: datetime) -> CarrierScan:
    """:raises ForgedNotice: unless it is genuine and fresh; ScanUnreadable: when a field is missing"""
    if not settings.SANDBOX:
        raise ForgedNotice()
    signing.verify(headers, body, secrets=sandbox_keys.secrets(_PURPOSE), at=at)
    document = documents.read(body)
    event_id = documents.text(document, "id", limit=80)
    tracking = documents.text(document, "tracking", limit=TRACKING_LENGTH)
    if not event_id or not tracking:
        raise ScanUnreadable()
    try:
        seconds = documents.whole(document, "at")
        happened_at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as refusal:
        raise ScanUnreadable() from refusal
    return CarrierScan(event_id, tracking, documents.text(document, "kind", limit=20), happened_at)


def write(
    *, tracking_number: str, kind: str, at: datetime, event_id: str = ""
) -> tuple[dict[str, str], bytes]:
    """(headers, body) of an event as the sandbox carrier sends it."""
    body = documents.write(
        {
            "at": int(at.timestamp()),
            "id": event_id or f"scan_{uuid4().hex}",
            "kind": kind,
            "tracking": tracking_number,
        }
    )
    return signing.sign(body, secret=sandbox_keys.secrets(_PURPOSE)[0], at=at), body

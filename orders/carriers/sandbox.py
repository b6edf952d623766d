"""The sandbox carrier: its signed event feed, and the question for what was missed.

An event is JSON {"id", "tracking", "kind", "at"}; two headers prove it: `anxin-sandbox-timestamp` (Unix
seconds, at most five minutes off) and `anxin-sandbox-signature` ("v1=" and the HMAC-SHA256 of
"<timestamp>.<body>" in hexadecimal). A question is GET /parcels/<number>, signed over its path; the answer is
JSON {"tracking", "events": […]} with the same two headers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from kernel.errors import N_, Invalid
from orders.carriers.protocol import CarrierScan, Question, ScanUnreadable, Unclear
from orders.limits import TRACKING_LENGTH
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import ForgedNotice
from web.outgoing import Answer

NAME = "sandbox"
EVENTS, QUESTIONS = "orders.carriers.sandbox", "orders.carriers.sandbox.api"
MOST_EVENTS = 200
# Its prepaid labels: these letters and so many figures.
LABELS, LABEL_FIGURES = "RL", 15


class SandboxCarrier:
    name = NAME
    title = N_("Practice carrier")

    def read(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> CarrierScan:
        return read(headers, body, at=at)

    def question(self, tracking_number: str, *, at: datetime) -> Question:
        path = f"/parcels/{tracking_number}"
        secret = sandbox_keys.secrets(QUESTIONS)[0]
        return Question(path, signing.sign(path.encode(), secret=secret, at=at), b"")

    def label_number(self, reference: UUID) -> str:
        return f"{LABELS}{reference.int % 10**LABEL_FIGURES:0{LABEL_FIGURES}d}"

    def read_answer(self, answer: Answer, tracking_number: str, *, at: datetime) -> Sequence[CarrierScan]:
        if answer.status != 200:
            raise Unclear(str(answer.status))
        try:
            secrets = sandbox_keys.secrets(QUESTIONS)
            signing.verify(answer.headers, answer.body, secrets=secrets, at=at)
            document = documents.read(answer.body)
            events = document.get("events")
            if document.get("tracking") != tracking_number or not isinstance(events, list):
                raise Unclear("another parcel")
            return [_event(each, tracking_number) for each in events[:MOST_EVENTS]]
        except (ForgedNotice, Invalid) as refusal:
            raise Unclear(refusal.code) from refusal


def _event(document: Any, tracking_number: str) -> CarrierScan:
    found = _scan(document if isinstance(document, dict) else {})
    if found.tracking_number != tracking_number:
        raise Unclear("another parcel")
    return found


def read(headers: Mapping[str, str], body: bytes, *, at: datetime) -> CarrierScan:
    """:raises ForgedNotice: unless it is genuine and fresh; ScanUnreadable: when a field is missing"""
    if not settings.SANDBOX:
        raise ForgedNotice()
    signing.verify(headers, body, secrets=sandbox_keys.secrets(EVENTS), at=at)
    return _scan(documents.read(body))


def _scan(document: dict[str, Any]) -> CarrierScan:
    event_id = documents.text(document, "id", limit=80)
    tracking = documents.text(document, "tracking", limit=TRACKING_LENGTH)
    if not event_id or not tracking:
        raise ScanUnreadable()
    try:
        happened_at = datetime.fromtimestamp(documents.whole(document, "at"), UTC)
    except (ValueError, OverflowError, OSError) as refusal:
        raise ScanUnreadable() from refusal
    return CarrierScan(event_id, tracking, documents.text(document, "kind", limit=20), happened_at)


def write(
    *, tracking_number: str, kind: str, at: datetime, event_id: str = "", happened_at: datetime | None = None
) -> tuple[dict[str, str], bytes]:
    """(headers, body) of an event as the sandbox carrier sends it at `at`."""
    body = documents.write(
        {
            "at": int((happened_at or at).timestamp()),
            "id": event_id or f"scan_{uuid4().hex}",
            "kind": kind,
            "tracking": tracking_number,
        }
    )
    return signing.sign(body, secret=sandbox_keys.secrets(EVENTS)[0], at=at), body

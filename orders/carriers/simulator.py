"""The sandbox carrier's own side for practice: it keeps what it saw, sends it signed, and answers questions.

Served on loopback by payments.simulators.serving, like the simulated payment providers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.carriers import sandbox
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import Answer, ForgedNotice, Request

FORGED = "somebody else's key"


@dataclass(slots=True)
class CarrierSimulator:
    """`send` hands an event to the shop's webhook; `faults` are played on the next questions, in turn:
    down (503), lost (nothing comes back), garbage, forged (signed by a stranger)."""

    send: Callable[[Mapping[str, str], bytes], Any] | None = None
    seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    def sees(
        self, tracking_number: str, kind: str, *, at: datetime, event_id: str = "", told: bool = True
    ) -> tuple[Mapping[str, str], bytes]:
        """Something happens to a parcel; unless it is `told`, the event is lost on its way to the shop."""
        headers, body = sandbox.write(tracking_number=tracking_number, kind=kind, at=at, event_id=event_id)
        self.seen.setdefault(tracking_number, []).append(documents.read(body))
        if told and self.send is not None:
            self.send(headers, body)
        return headers, body

    def handle(self, request: Request, *, at: datetime) -> Answer:
        """Answer a question; 401 unless the shop signed its path."""
        self.asked += 1
        try:
            secrets = sandbox_keys.secrets(sandbox.QUESTIONS)
            signing.verify(request.headers, request.path.encode(), secrets=secrets, at=at)
        except ForgedNotice:
            return Answer(401)
        fault = self.faults.pop(0) if self.faults else ""
        if fault in ("down", "lost"):
            return Answer(503 if fault == "down" else 0)
        number = request.path.rpartition("/")[2]
        body = documents.write({"events": self.seen.get(number, []), "tracking": number})
        signed = signing.sign(body, secret=FORGED if fault == "forged" else secrets[0], at=at)
        return Answer(200, b"<html>" if fault == "garbage" else body, signed)

"""The sandbox insurer's own side for practice: it keeps what it was told, decides by the facts, and can fail.

Served on loopback by payments.simulators.serving, or asked in the same process (`asked`) by demo and tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.cover.insurers import sandbox
from orders.cover.insurers.protocol import Message, Word
from orders.cover_states import Cause, Refusal
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import ForgedNotice
from web.outgoing import Answer

FORGED = "somebody else's key"


@dataclass(slots=True)
class InsurerSimulator:
    """`faults` are played on the next calls, in turn: down (503), lost (it heard us, its answer is gone),
    garbage, forged (by a stranger), late (pending), other_sum. `refuses`: every claim, for that reason.
    `trusts`: it takes our word for covers that it wasn't told of (a process that starts anew).
    """

    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refuses: str = ""
    asked: int = 0
    trusts: bool = False

    def handle(self, message: Message, *, at: datetime) -> Answer:
        """Answer a call; 401 unless we signed its body."""
        self.asked += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "down":
            return Answer(503)
        secrets = sandbox_keys.secrets(sandbox.ENDPOINT)
        try:
            signing.verify(message.headers, message.body, secrets=secrets, at=at)
            said = self._say(message.path, documents.read(message.body), fault)
        except ForgedNotice:
            return Answer(401)
        if fault == "lost":
            return Answer(0)
        body = b"<html>" if fault == "garbage" else documents.write(said)
        return Answer(
            200, body, signing.sign(body, secret=FORGED if fault == "forged" else secrets[0], at=at)
        )

    def _say(self, path: str, told: dict[str, Any], fault: str) -> dict[str, Any]:
        number = documents.text(told, "number")
        if path == sandbox.POLICIES:
            self.policies[number] = told
            return {"number": number, "word": sandbox.HELD}
        if fault == "late":
            return {"number": number, "word": str(Word.PENDING)}
        decided = self.claims.setdefault(number, self._decide(number, told))
        return {**decided, "amount_minor": 1} if fault == "other_sum" else decided

    def _decide(self, number: str, told: dict[str, Any]) -> dict[str, Any]:
        """Once per claim: damage without a photo isn't shown, and a cover must be known."""
        reason = self.refuses
        if not reason and not self.trusts and told.get("policy") not in self.policies:
            reason = Refusal.NOT_COVERED
        shown = told.get("photos") or any(
            str(each.get("kind")) == "parcel_damaged" for each in told.get("facts", [])
        )
        if not reason and told.get("cause") == Cause.DAMAGED and not shown:
            reason = Refusal.NOT_SHOWN
        if reason:
            return {"number": number, "word": str(Word.REFUSED), "reason": str(reason)}
        amount = documents.whole(told, "goods_minor") + documents.whole(told, "beside_minor")
        transfer = f"T{number}" if told["beside_minor"] else ""
        return {"number": number, "word": str(Word.ACCEPTED), "amount_minor": amount, "transfer": transfer}

"""The sandbox insurer: our signed calls, its signed answers.

A cover is POST /policies, a claim POST /claims: JSON, signed over the body by the two headers of the sandbox
provider. The answer is JSON with the same headers: {"number", "word"} for a cover (`word` "held"), {"number",
"word", "amount_minor", "reason", "transfer"} for a claim (`word` pending, accepted or refused).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from kernel.errors import Invalid
from orders.cover.insurers.protocol import Loss, Message, Policy, Unclear, Verdict, Word
from orders.cover_states import Refusal
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import ForgedNotice
from web.outgoing import Answer

NAME = "sandbox"
ENDPOINT = "orders.insurers.sandbox"
POLICIES, CLAIMS = "/policies", "/claims"
HELD = "held"


class SandboxInsurer:
    name = NAME

    def policy(self, told: Policy, *, at: datetime) -> Message:
        document = {**asdict(told), "began_at": int(told.began_at.timestamp())}
        return _signed(POLICIES, document, at=at)

    def claim(self, told: Loss, *, at: datetime) -> Message:
        return _signed(CLAIMS, {**asdict(told), "facts": [dict(each) for each in told.facts]}, at=at)

    def read_policy(self, answer: Answer, told: Policy, *, at: datetime) -> None:
        document = _read(answer, told.number, at=at)
        if document.get("word") != HELD:
            raise Unclear("not held")

    def read_claim(self, answer: Answer, told: Loss, *, at: datetime) -> Verdict:
        document = _read(answer, told.number, at=at)
        try:
            word = Word(documents.text(document, "word", limit=20))
            if word is Word.REFUSED:
                return Verdict(word, Refusal(documents.text(document, "reason", limit=20)))
            transfer = documents.text(document, "transfer", limit=80)
            if word is Word.ACCEPTED:
                _check_amount(document, told)
        except (ValueError, Invalid, ForgedNotice) as problem:
            raise Unclear("not understood") from problem
        if word is Word.ACCEPTED and told.beside_minor and not transfer:
            raise Unclear("accepted without a transfer")
        return Verdict(word, transfer=transfer)


def _check_amount(document: dict[str, Any], told: Loss) -> None:
    """It pays what was asked or says why not; another sum is no answer."""
    if documents.whole(document, "amount_minor") != told.goods_minor + told.beside_minor:
        raise Unclear("another sum")


def _signed(path: str, document: dict[str, Any], *, at: datetime) -> Message:
    body = documents.write(document)
    return Message(path, signing.sign(body, secret=sandbox_keys.secrets(ENDPOINT)[0], at=at), body)


def _read(answer: Answer, number: str, *, at: datetime) -> dict[str, Any]:
    if answer.status != 200:
        raise Unclear(str(answer.status))
    try:
        signing.verify(answer.headers, answer.body, secrets=sandbox_keys.secrets(ENDPOINT), at=at)
        document = documents.read(answer.body)
    except ForgedNotice as refusal:
        raise Unclear(refusal.code) from refusal
    if document.get("number") != number:
        raise Unclear("another number")
    return document

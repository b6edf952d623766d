"""Who can tell whether a licence, person or account is what a shop says: one protocol, a sandbox by rule.

A real register is one more class with the same method, chosen by the environment; it calls out through
web.outgoing and keeps nothing here. The sandbox is described in docs/verification-sandbox.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings

from accounts import verifiers
from accounts.models import VerificationKind, VerificationResult
from merchants.models import Check

Result = Check.Result


@dataclass(frozen=True, slots=True)
class Question:
    """What the shop claims: `what` is register, licence, person or account; lives for one call."""

    what: str
    name: str
    number: str
    kind: str = ""
    valid_until: date | None = None
    today: date | None = None

    def __repr__(self) -> str:
        return f"<question: {self.what}>"


class Register(Protocol):
    """Answers a question; UNAVAILABLE when it can't be asked, never a guess."""

    name: str

    def ask(self, question: Question) -> Result: ...


class SandboxRegister:
    """Answers by the last digits of the number: 404 unknown, 403 another name, 410 ended, 503 away."""

    name = "sandbox"

    def ask(self, question: Question) -> Result:
        digits = "".join(one for one in question.number if one.isdigit())
        # A check digit may stand last; the three before it decide then, too.
        marks = {digits[-3:], digits[-4:-1]}
        for mark, result in _BY_RULE.items():
            if mark in marks:
                return result
        over = question.valid_until is not None and question.today is not None
        if over and question.valid_until < question.today:  # type: ignore[operator]
            return Result.ENDED
        return Result.MATCHED


_BY_RULE = {
    "503": Result.UNAVAILABLE,
    "404": Result.UNKNOWN,
    "403": Result.NOT_MATCHED,
    "410": Result.ENDED,
}


class NobodyToAsk:
    """Production without a register: staff compare by hand, and the page says that nobody was asked."""

    name = "none"

    def ask(self, question: Question) -> Result:
        return Result.UNAVAILABLE


class OfPeople:
    """People and accounts are asked where shoppers' are: accounts.verifiers."""

    def __init__(self) -> None:
        self.verifier = verifiers.current()
        self.name = self.verifier.name

    def ask(self, question: Question) -> Result:
        person = question.what == "person"
        kind = VerificationKind.REAL_NAME if person else VerificationKind.BANK_ACCOUNT
        said = self.verifier.check(verifiers.Claim(kind, question.name, question.number))
        return _OF_PEOPLE.get(said, Result.UNAVAILABLE)


_OF_PEOPLE = {
    VerificationResult.MATCHED: Result.MATCHED,
    VerificationResult.NOT_MATCHED: Result.NOT_MATCHED,
}


def for_question(question: Question) -> Register:
    """Who is asked about this."""
    if question.what in ("person", "account"):
        return OfPeople()
    return SandboxRegister() if settings.SANDBOX else NobodyToAsk()

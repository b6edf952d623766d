"""Who can tell whether a name and a number belong together: one protocol, a sandbox that answers by rule.

A real verifier (a bank, a public register, a telecom operator) is one more class with the same method; it
calls out through web.outgoing and keeps nothing here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings

from accounts.models import VerificationKind, VerificationResult

# GB 11643-1999: weights of the first 17 digits and the letter for each remainder of 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the person says of themselves; lives for one call and is shown by no log."""

    kind: VerificationKind
    name: str
    number: str

    def __repr__(self) -> str:
        return f"<claim: {self.kind}>"


class Verifier(Protocol):
    """Answers whether name and number belong together; UNAVAILABLE when it can't be asked."""

    name: str

    def check(self, claim: Claim) -> VerificationResult: ...


class SandboxVerifier:
    """Answers by rule: docs/verification-sandbox.md. Asks nobody and keeps nothing."""

    name = "sandbox"

    def check(self, claim: Claim) -> VerificationResult:
        tail = claim.number[-4:-1]
        if tail == "503":
            return VerificationResult.UNAVAILABLE
        return VerificationResult.NOT_MATCHED if tail == "404" else VerificationResult.MATCHED


class NobodyToAsk:
    """Production without a verifier: every question stays unanswered, none is guessed."""

    name = "none"

    def check(self, claim: Claim) -> VerificationResult:
        return VerificationResult.UNAVAILABLE


def current() -> Verifier:
    """The verifier of this place: the sandbox's in demo and tests."""
    return SandboxVerifier() if settings.SANDBOX else NobodyToAsk()


def normal_number(text: str) -> str:
    """Half-width capitals without spaces, dots and dashes: as it stands on card and paper alike."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text)).upper()


def is_identity_number(number: str, *, on: date) -> bool:
    """A resident's number with a birthday up to `on` and the right last character (GB 11643-1999)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return born.year >= 1850 and born <= on and _CHECKS[total % 11] == number[17]


def is_account_number(number: str) -> bool:
    """12 to 19 digits whose check digit is right (ISO/IEC 7812-1, the Luhn sum)."""
    if not re.fullmatch(r"\d{12,19}", number):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def masked(number: str) -> str:
    """The first and the last characters; the rest are stars, as many as there were."""
    shown = 4 if len(number) < 18 else 2
    return f"{number[:1]}{'*' * (len(number) - 1 - shown)}{number[-shown:]}"

"""The check number of a letter: twelve digits that only we can make, so that anybody can ask for it."""

from __future__ import annotations

from uuid import UUID

from notifications.models import Letter
from privacy import blind_index

DIGITS = 12


def number_of(letter_id: UUID) -> str:
    """Keyed, so that nobody can make one up for a letter that was never written."""
    return f"{int(blind_index.of('notifications.check', str(letter_id)), 16) % 10**DIGITS:0{DIGITS}d}"


def spelt(number: str) -> str:
    """In groups of four, as letters print it and people read it aloud."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def letter_with(typed: str) -> Letter | None:
    """The letter that carries this number, typed with or without gaps; None if we never wrote it."""
    digits = digits_of(typed)
    return Letter.objects.filter(check_number=digits).first() if digits else None


def digits_of(typed: str) -> str:
    """The number without its gaps; "" for what can be none of ours."""
    digits = "".join(each for each in typed if each.isdecimal() and each.isascii())
    return digits if len(digits) == DIGITS else ""

"""Whether a title only says again what another listing of the same shop says."""

from __future__ import annotations

import re

from catalog.screening.folding import fold

RULE = "duplicate.title"
NEAR = 0.9
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def shape(title: str) -> str:
    """The title without signs and spaces, in the plain form."""
    return "".join(each for each in fold(title).plain if each.isalnum())


def likeness(one: str, other: str) -> float:
    """How much of two titles is the same, 0 to 1, by pairs of characters."""
    first, second = _pairs(shape(one)), _pairs(shape(other))
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def same_offer(one: str, other: str) -> bool:
    """Nearly the same words and the very same numbers: 480 ml and 360 ml are two things."""
    if sorted(_NUMBER.findall(fold(one).plain)) != sorted(_NUMBER.findall(fold(other).plain)):
        return False
    return shape(one) == shape(other) or likeness(one, other) >= NEAR


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}

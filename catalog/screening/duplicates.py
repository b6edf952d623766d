"""Whether a title only says again what another listing of the same shop says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from catalog.screening.folding import fold

RULE = "duplicate.title"
NEAR = 0.9
# A file of a shop's goods compares each row with the same few hundred titles.
MOST_REMEMBERED = 2_000
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Said:
    """What two titles are compared by."""

    numbers: tuple[str, ...]
    shape: str
    pairs: frozenset[str]


def shape(title: str) -> str:
    """The title without signs and spaces, in the plain form."""
    return "".join(each for each in fold(title).plain if each.isalnum())


def likeness(one: str, other: str) -> float:
    """How much of two titles is the same, 0 to 1, by pairs of characters."""
    first, second = _said(one).pairs, _said(other).pairs
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def same_offer(one: str, other: str) -> bool:
    """Nearly the same words and the very same numbers: 480 ml and 360 ml are two things."""
    first, second = _said(one), _said(other)
    if first.numbers != second.numbers:
        return False
    return first.shape == second.shape or likeness(one, other) >= NEAR


@lru_cache(maxsize=MOST_REMEMBERED)
def _said(title: str) -> Said:
    found = shape(title)
    return Said(tuple(sorted(_NUMBER.findall(fold(title).plain))), found, frozenset(_pairs(found)))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}

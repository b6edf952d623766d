"""When two ways of writing a brand mean the same one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import permutations

LONGEST = 80
MOST_NAMES = 4


def folded(name: str) -> str:
    """A name without case, width, spaces and signs: “ＨＵＡＷＥＩ ®” and “Huawei” are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in plain if each.isalnum())[:LONGEST]


def all_folded(names: Iterable[str]) -> list[str]:
    """Every name alone and any two in a row, as offers write them: “华为 HUAWEI”."""
    alone = list(dict.fromkeys(filter(None, (folded(each) for each in names))))
    pairs = ["".join(each)[:LONGEST] for each in permutations(alone, 2)]
    return [*alone, *(each for each in pairs if each not in alone)]

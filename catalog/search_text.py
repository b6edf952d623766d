"""Texts as lexemes: Chinese as overlapping pairs, Latin as words, Chinese also as it sounds.

The lexemes are written as `tsvector` and `tsquery` literals, never parsed by Postgres: its parser
depends on the cluster's locale and takes a run of Chinese for one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

_CHINESE = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RUNS = re.compile(rf"([{_CHINESE}]+)|(\d+)|([^\W\d_{_CHINESE}]+)")
# Postgres keeps word positions up to 16,383 and 255 of them per word.
LAST_POSITION, MOST_POSITIONS = 16_000, 200
LONGEST_QUERY, MOST_GROUPS = 120, 16


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """(is Chinese, run) of a text without width, case and compatibility differences."""
    for match in _RUNS.finditer(unicodedata.normalize("NFKC", text).lower()):
        yield (True, match[1]) if match[1] else (False, (match[2] or match[3])[:60])


def pairs(run: str) -> list[str]:
    """Overlapping pairs of a Chinese run; a lone character stays itself."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def sounds(run: str) -> list[str]:
    """The run as it is typed on a keyboard: syllables in rows of one to four, and the initials."""
    syllables = [each for each in lazy_pinyin(run[:60]) if each.isascii() and each.isalpha()]
    rows = ["".join(syllables[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(syllables) - n + 1)]
    initials = "".join(each[0] for each in syllables)
    return [*rows, initials] if len(initials) > 1 else rows


class Lexemes:
    """Collects the lexemes of a listing with their weights: A title and codes, B shop, C facts, D sound."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}
        self._next = 1

    def add(self, text: str, weight: str, *, with_sound: bool = False) -> None:
        for is_chinese, run in runs(text):
            for lexeme in pairs(run) if is_chinese else [run]:
                self._put(lexeme, weight)
            if is_chinese and with_sound:
                for each in sounds(run):
                    self._put(each, "D")
                for character in run:
                    self._put(character, "D")

    def _put(self, lexeme: str, weight: str) -> None:
        places = self._places.setdefault(lexeme, [])
        if len(places) < MOST_POSITIONS and self._next < LAST_POSITION:
            places.append(f"{self._next}{weight}")
            self._next += 1

    def literal(self) -> str:
        """The `tsvector` literal; never empty, so that "live has a search text" can be checked."""
        words = (f"{quoted(word)}:{','.join(places)}" for word, places in self._places.items() if places)
        return " ".join(words) or "'∅':1D"


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def groups(query: str) -> list[str]:
    """What a searcher typed as `tsquery` groups, each of which a strict match must meet."""
    found: list[str] = []
    for is_chinese, run in runs(query[:LONGEST_QUERY]):
        found += [quoted(pair) for pair in pairs(run)] if is_chinese else [_latin(run)]
    return list(dict.fromkeys(found))[:MOST_GROUPS]


def _latin(word: str) -> str:
    """A word from its beginning; a long row of syllables also pair by pair."""
    plain = quoted(word) + (":*" if len(word) >= 3 and not word.isdigit() else "")
    syllables = syllables_of(word)
    if len(syllables) < 5:
        return plain
    rows = " & ".join(quoted("".join(syllables[i : i + 2])) for i in range(len(syllables) - 1))
    return f"({plain} | ({rows}))"


def strict(query: str) -> str:
    """The `tsquery` that meets everything typed; empty when nothing searchable was typed."""
    return " & ".join(groups(query))


def relaxed(query: str) -> list[str]:
    """The groups of a second try after no hit: each counts alone, words also without their end."""
    second = []
    for group in groups(query):
        bare = group.removesuffix(":*").strip("'")
        slack = group.endswith(":*") and len(bare) >= 5
        second.append(f"{quoted(bare[:-2])}:*" if slack else group)
    return second


@cache
def _syllables() -> frozenset[str]:
    """Every Mandarin syllable without tone; some 420, read once per process (0.3 s)."""
    return frozenset(to_normal(each) for sounds_of in PINYIN_DICT.values() for each in sounds_of.split(","))


def syllables_of(word: str) -> list[str]:
    """A row of letters cut into Mandarin syllables; empty when it isn't one."""
    if len(word) < 8 or not (word.isascii() and word.isalpha()):
        return []
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if start in best and word[start:end] in _syllables():
                best[end] = [*best[start], word[start:end]]
                break
    return best.get(len(word), [])


def title_key(text: str) -> str:
    """What titles sort by: Chinese as it sounds, the rest folded."""
    return " ".join(lazy_pinyin(unicodedata.normalize("NFKC", text).lower()))[:200]


def lexemes_of(
    *,
    titles: Iterable[str],
    shop: str,
    codes: Iterable[str],
    facts: Mapping[str, str],
    descriptions: Iterable[str],
) -> str:
    """The `tsvector` literal of a listing."""
    bag = Lexemes()
    for text in titles:
        bag.add(text, "A", with_sound=True)
    for text in codes:
        bag.add(text, "A")
    bag.add(shop, "B", with_sound=True)
    for text in facts.values():
        bag.add(text[:400], "C")
    for text in descriptions:
        bag.add(text[:1500], "D")
    return bag.literal()

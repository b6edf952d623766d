"""Seeing through disguises: full-width forms, look-alike letters, invisible characters, written digits."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

# Zero-width and direction marks, joiners, soft hyphen, fillers, variation selectors, tags.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# Single characters that spaces or signs keep apart: 最 佳, 最*佳, 国·家·级.
_SPLIT = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff](?:[\s*·•._~\-|/\\]{1,3}[\u4e00-\u9fff])+(?![\u4e00-\u9fff])"
)
_CHINESE_DIGITS = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    "貳": "2",
    "參": "3",
    "陸": "6",
    "幺": "1",
    "两": "2",
    "兩": "2",
    "o": "0",
    "l": "1",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A plain form of a text; `at[i]` is where its character i stood, with one more for the end."""

    plain: str
    at: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From a span in the plain form to one in the original."""
        if self.at is None:
            return start, end
        return self.at[start], self.at[end - 1] + 1


@cache
def look_alikes() -> Mapping[str, str]:
    """From a letter of another script to the Latin letter or digit that it looks like (UTS #39)."""
    with gzip.open(DATA / "confusables.json.gz", "rt", encoding="utf-8") as stream:
        found: dict[str, str] = json.load(stream)
    return found


@cache
def _plain(character: str) -> str:
    if _INVISIBLE.match(character):
        return ""
    code = ord(character)
    if code < 0x80 or 0x4E00 <= code <= 0x9FFF:
        return character.lower()
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    alike = look_alikes().get(character)
    if alike is not None:
        return alike.lower()
    return unicodedata.normalize("NFKC", character).lower()


def fold(text: str) -> Folded:
    """Lower case, no disguise; the map back is kept only where lengths differ."""
    parts = [_plain(each) for each in text]
    plain = "".join(parts)
    if len(plain) == len(text) and all(len(part) == 1 for part in parts):
        return Folded(plain)
    at = tuple(position for position, part in enumerate(parts) for _ in part)
    return Folded(plain, at)


def squeezed(folded: Folded) -> Folded | None:
    """The text with split-up words joined; None where nothing is split."""
    if not _SPLIT.search(folded.plain):
        return None
    kept: list[int] = []
    last = 0
    for found in _SPLIT.finditer(folded.plain):
        kept += range(last, found.start())
        kept += [i for i in range(*found.span()) if "\u4e00" <= folded.plain[i] <= "\u9fff"]
        last = found.end()
    kept += range(last, len(folded.plain))
    at = tuple(folded.at[i] if folded.at else i for i in kept)
    return Folded("".join(folded.plain[i] for i in kept), at)


def digits(folded: Folded) -> str:
    """The plain form with Chinese numerals as digits, same length, for numbers in disguise."""
    return "".join(_CHINESE_DIGITS.get(each, each) for each in folded.plain)


def hidden(text: str) -> list[tuple[int, int]]:
    """Where invisible characters stand between letters or digits (in emoji they join pictures)."""
    spans = []
    for found in _INVISIBLE.finditer(text):
        around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        if len(around) == 2 and all(each.isalnum() or _INVISIBLE.match(each) for each in around):
            spans.append((max(0, found.start() - 1), found.end() + 1))
    return spans


def visible(text: str) -> str:
    """The text without what nobody sees: a name can't be empty to the eye, nor turn what follows around."""
    return _INVISIBLE.sub("", text)

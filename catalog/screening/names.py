"""Names that look like others: letters of other scripts (UTS #39), look-alike Chinese characters."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from catalog.screening.folding import DATA, fold, look_alikes

LOOK_ALIKE, MIXED = "name.look_alike", "name.mixed_scripts"
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN_PAIRS = (("rn", "m"), ("vv", "w"))


@cache
def _watched() -> Mapping[str, object]:
    return tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))


@cache
def _shapes() -> Mapping[str, str]:
    """From a Chinese character to the first of its group of look-alikes."""
    groups: list[str] = _watched()["look_alike_characters"]  # type: ignore[assignment]
    return {each: group[0] for group in groups for each in group}


@cache
def _brands() -> tuple[str, ...]:
    return tuple(_watched()["brands"])  # type: ignore[arg-type]


def skeleton(name: str) -> str:
    """What the eye reads: two names with the same skeleton can be taken for each other."""
    plain = fold(name).plain
    shapes, alike = _shapes(), {"1": "l", "0": "o", "|": "l", "5": "s", "$": "s", "i": "l", "!": "l"}
    shown = "".join(shapes.get(each, alike.get(each, each)) for each in plain)
    for pair, letter in _LATIN_PAIRS:
        shown = shown.replace(pair, letter)
    return "".join(each for each in shown if each.isalnum())


def same_name(one: str, other: str) -> bool:
    """Whether it is honestly the same name, however it is cased or spaced."""
    return _honest(one) == _honest(other)


def confusable(one: str, other: str) -> bool:
    """Whether a buyer who knows one of two shops could take the other for it; the very same name, too."""
    shape = skeleton(one)
    return len(shape) > 1 and skeleton(other) == shape


def look_alike(name: str, others: Iterable[str]) -> str | None:
    """The name among `others` that this one imitates; None where it is its own or the very same.

    One Chinese character more or less than the other doesn't count: 青川茶 and 青川茶行 are two names.
    """
    shape = skeleton(name)
    if len(shape) < 2:
        return None
    for other in others:
        if skeleton(other) == shape and not same_name(name, other):
            return other
    return None


def _honest(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in plain if each.isalnum())


@cache
def _imitated() -> tuple[tuple[re.Pattern[str], str], ...]:
    """For each watched brand, what its imitations look like when folded character by character."""
    found = []
    for brand in _brands():
        letters = [_alternatives(each) for each in _honest(brand)]
        body = "".join(letters)
        edge = r"(?<![a-z0-9])", r"(?![a-z0-9])"
        latin = _honest(brand).isascii()
        found.append((re.compile(f"{edge[0]}{body}{edge[1]}" if latin else body), brand))
    return tuple(found)


@cache
def _alternatives(letter: str) -> str:
    shapes = _shapes()
    if letter in shapes:
        group = [each for each, first in shapes.items() if first == shapes[letter]]
        return f"[{''.join(group)}]"
    known = {"l": "[l1|i]", "i": "[il1|!]", "o": "[o0]", "s": "[s5$]", "m": "(?:m|rn)", "w": "(?:w|vv)"}
    return known.get(letter, re.escape(letter))


@cache
def _any_imitated() -> re.Pattern[str]:
    """A first look at all brands at once: most titles name none."""
    return re.compile("|".join(pattern.pattern for pattern, _brand in _imitated()))


def in_text(text: str) -> Iterator[tuple[str, int, int]]:
    """(rule, start, end): a watched brand imitated in a text, and words of two scripts."""
    form = fold(text)
    if _any_imitated().search(form.plain):
        for pattern, brand in _imitated():
            for match in pattern.finditer(form.plain):
                start, end = form.span(*match.span())
                if not same_name(text[start:end], brand):
                    yield LOOK_ALIKE, start, end
    if not text.isascii():
        for match in _WORD.finditer(text):
            if _mixed(match.group()):
                yield MIXED, match.start(), match.end()


def _mixed(word: str) -> bool:
    """Latin letters beside Greek or Cyrillic ones that look Latin."""
    latin = any(each.isascii() for each in word)
    other = any(each in look_alikes() and "\u0370" <= each <= "\u052f" for each in word)
    return latin and other

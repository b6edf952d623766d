"""Article numbers in words: "10" is 第十条 in Chinese and art. 10 in English."""

from __future__ import annotations

import re
from functools import lru_cache

DIGITS = "零一二三四五六七八九"
NONE = "-"


def numeral(number: int) -> str:
    """A number up to 9,999 as Chinese law writes it: 25 is 二十五, 110 is 一百一十."""
    if number > 9999:
        return str(number)
    text, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + sign
        gap = not digit
    return text[1:] if text.startswith("一十") else text or DIGITS[0]


@lru_cache(maxsize=1024)
def words(article: str, locale: str) -> str:
    """The article as the language cites it; empty where none is known ("-")."""
    if article == NONE:
        return ""
    if locale == "en":
        many = bool(re.search(r"[,–]", article))
        return f"{'arts' if many else 'art.'} {article}"
    if not re.fullmatch(r"[\d()–, ]+", article):
        return article
    parts = re.split(r"(–|, ?)", article)
    joined = {"–": "至"}
    return "".join(joined.get(part, "、") if i % 2 else _chinese(part) for i, part in enumerate(parts))


def _chinese(part: str) -> str:
    number, *inner = re.findall(r"\d+", part)
    words_of = f"第{numeral(int(number))}条"
    for level, sub in zip(("款", "项"), inner, strict=False):
        words_of += f"第{numeral(int(sub))}{level}"
    return words_of

"""Telephone numbers that an offer hides: written out, circled, split up, with letters for digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.screening.folding import Folded, digits

PHONE, MAYBE = "contact.phone", "contact.number"
_GAP = r"[\s\-.·*_(),，、]{0,2}"
_PATTERNS = (
    # A mobile number of the mainland, in any grouping.
    re.compile(rf"(?<![\d.])1{_GAP}[3-9](?:{_GAP}\d){{9}}(?![\d]|[.]\d)"),
    # Taiwan: 0912-345-678.
    re.compile(rf"(?<![\d.])09\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}(?!\d)"),
    # With a country's code: +1 415 555 0132.
    re.compile(r"(?:\+|(?<!\d)00)\d{1,3}[\s\-.]?(?:\(?\d{2,4}\)?[\s\-.]?){2,4}\d{2,4}(?!\d)"),
    # A number of the fixed network: 010-8888 6666.
    re.compile(r"(?<![\d.\-])0\d{1,3}[\-\s]\d{3,4}[\-\s]?\d{4}(?![\d\-])"),
)
_NEAR = re.compile(
    r"[电電][话話]|手[机機]|[来來][电電]|[热熱][线線]|联系|聯[系繫絡]|咨[询詢]|批[发發]|定制|微信|v信|加我|致[电電]|"
    r"\b(?:tel|phone|call|text|mobile|sms|message|whatsapp|ring)\b"
)
_STANDARD = re.compile(r"[a-z]{2,4}(?:/[a-z])?[\s\-]?$")


def numbers(form: Folded, text: str) -> Iterator[tuple[str, int, int]]:
    """(rule, start, end) in the plain form: surely a telephone number where words around it say so."""
    plain = digits(form)
    if sum(each.isdigit() for each in plain) < 9:
        return
    seen: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(start < to and since < end for since, to in seen):
                continue
            if _STANDARD.search(form.plain[:start]) and "+" not in match.group():
                continue
            seen.append((start, end))
            since, to = form.span(start, end)
            written = text[since:to].lower()
            disguised = not written.isascii() or re.search(r"[a-z]", written) is not None
            near = _NEAR.search(form.plain[max(0, start - 24) : end + 24]) is not None
            yield (PHONE if near or disguised or "+" in written else MAYBE), start, end

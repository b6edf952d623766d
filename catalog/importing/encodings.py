"""Which encoding a text file is in, by its bytes alone: as spreadsheets in Chinese write it."""

from __future__ import annotations

import codecs
import re

SAMPLE = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Half of Big5's everyday characters end in a byte below 0x80; of GB 2312's none does, of GBK's rare ones few.
_TWO_BYTES = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_BIG5_FROM = 0.15
# A file in UTF-8 may hold a few rows pasted from elsewhere: those rows are refused, not the file.
_BROKEN_MOST = 0.2


def of(sample: bytes) -> str | None:
    """A codec's name for the start of a file; None when it is no text that people write."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\x00" in sample:
        return _utf16_without_mark(sample)
    if _mostly_utf8(sample):
        return "utf-8"
    pairs = _TWO_BYTES.findall(sample)
    low = sum(pair[1] < 0x80 for pair in pairs)
    guess = "big5hkscs" if pairs and low / len(pairs) > _BIG5_FROM else "gb18030"
    return guess if _reads(sample, guess) else None


def _mostly_utf8(sample: bytes) -> bool:
    text = (
        sample[:-3].decode("utf-8", "replace") if len(sample) == SAMPLE else sample.decode("utf-8", "replace")
    )
    foreign = sum(each > "\x7f" for each in text)
    return text.count("\ufffd") <= foreign * _BROKEN_MOST


def _utf16_without_mark(sample: bytes) -> str | None:
    """Latin letters, figures and separators leave a zero in every other byte, always the same one."""
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if max(high, low) < len(sample) * 0.02 or min(high, low) * 10 > max(high, low):
        return None
    guess = "utf-16-be" if high > low else "utf-16-le"
    return guess if _reads(sample, guess) else None


def _reads(sample: bytes, name: str) -> bool:
    text = sample.decode(name, "replace")
    controls = sum(each < " " and each not in "\r\n\t" for each in text)
    return text.count("\ufffd") <= len(text) * 0.05 and controls == 0

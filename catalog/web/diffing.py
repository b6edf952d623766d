"""Two texts side by side, with the words marked that one has and the other hasn't."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Chinese is compared character by character, everything else word by word.
_PARTS = re.compile(r"\d+(?:[.,]\d+)*|[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|.", re.S)
# Beyond this a comparison of every word costs more than it tells.
MOST = 2000


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """(before with what went marked, after with what came marked)."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if not old or not new or len(old) + len(new) > MOST:
        return _whole("del", before), _whole("ins", after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        _side("del", [(old[start:end], tag == "equal") for tag, start, end, _s, _e in steps]),
        _side("ins", [(new[start:end], tag == "equal") for tag, _s, _e, start, end in steps]),
    )


def _side(tag: str, pieces: Sequence[tuple[list[str], bool]]) -> SafeString:
    shown = ((_plain("".join(parts)) if same else _whole(tag, "".join(parts)),) for parts, same in pieces)
    return format_html_join("", "{}", shown)


def _plain(words: str) -> SafeString:
    return format_html("{}", words)


def _whole(tag: str, words: str) -> SafeString:
    if not words:
        return SafeString("")
    return format_html("<del>{}</del>" if tag == "del" else "<ins>{}</ins>", words)

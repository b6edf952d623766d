"""The three languages of the interface, in the order in which the switch offers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.functional import lazy
from django.utils.translation import get_language

# Names stay in their own language: a person looking for theirs must be able to read it.
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]

# BCP 47 tags for `lang`: Hans and Hant glyphs differ.
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def tag(code: str | None) -> str:
    """The `lang` attribute for a language code."""
    return TAGS.get((code or "").lower(), "zh-Hans")


def said_to_reader(say: Callable[[str], str]) -> str:
    """A text that is put together in the language of whoever reads it, not of whoever made it."""
    made: str = lazy(lambda: say(get_language() or "zh-hans"), str)()
    return made


def listed(words: Sequence[str], locale: str) -> str:
    """Several names in a row, with the comma of the language."""
    return ("、" if locale.startswith("zh") else ", ").join(words)

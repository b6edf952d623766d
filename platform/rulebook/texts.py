"""Texts by slug and version: what people were shown and said yes or no to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import NotFound
from rulebook import shelf


@dataclass(frozen=True, slots=True)
class Text:
    """One version. `important` says that it asks for more than the one before."""

    slug: str
    version: int
    in_force_from: datetime
    important: bool
    words: Mapping[str, Mapping[str, str]]

    def title(self, locale: str) -> str:
        return self.words["title"][locale]

    def sentence(self, locale: str) -> str:
        return self.words["sentence"][locale]

    def lines(self, locale: str) -> list[str]:
        """The body, one point per line."""
        return [line for line in self.words["body"][locale].splitlines() if line.strip()]

    def whole(self, locale: str) -> str:
        """Every word that was shown in the language, as it is fingerprinted."""
        return "\n\n".join(self.words[part][locale] for part in ("title", "sentence", "body"))

    def sha256(self, locale: str) -> str:
        """64 hex characters over the UTF-8 of `whole`."""
        return hashlib.sha256(self.whole(locale).encode()).hexdigest()


def current(slug: str, at: datetime) -> Text:
    """The version in force. :raises NotFound:"""
    held = [each for each in versions(slug) if each.in_force_from <= at]
    if not held:
        raise NotFound(text=slug)
    return held[-1]


def of_version(slug: str, version: int) -> Text:
    """:raises NotFound: for a version that was never loaded"""
    for each in versions(slug):
        if each.version == version:
            return each
    raise NotFound(text=slug)


def versions(slug: str) -> list[Text]:
    """Every version, oldest first."""
    return [_text(each) for each in shelf.current().texts.get(slug, ())]


def asks_for_more(slug: str, *, since: int, at: datetime) -> bool:
    """Whether a version after `since` counts by now that people must be asked about anew."""
    return any(each.important for each in versions(slug) if each.version > since and each.in_force_from <= at)


def _text(held: Any) -> Text:
    value = held.value
    return Text(held.name, held.version, held.in_force_from, bool(value.get("important")), value)

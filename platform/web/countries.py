"""Countries by name in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from babel import Locale

TAGS = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "en": "en"}


def country_name(code: str, locale: str) -> str:
    """ "DE" as "德国"; a code that has no name stays as it is."""
    return _territories(locale).get(code, code)


def country_names(locale: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) by name: for a list to choose from."""
    return sorted(((code, country_name(code, locale)) for code in codes), key=lambda pair: pair[1])


@lru_cache(maxsize=3)
def _territories(locale: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(TAGS[locale]).territories.items()}

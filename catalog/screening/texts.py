"""Everything that an offer says in words: titles, descriptions, facts, pictures' descriptions, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.screening.finding import Text


def texts_of(draft: Mapping[str, Any]) -> list[Text]:
    """The texts of a draft or of a revision's content, each under the name of its field in the editor."""
    found: list[Text] = []
    for kind in ("title", "description"):
        found += [Text(f"{kind}_{locale}", words) for locale, words in (draft.get(kind) or {}).items()]
    for key, value in (draft.get("attributes") or {}).items():
        words = "\n".join(_strings(value))
        if words:
            found.append(Text(key, words))
    found += [
        Text(f"alt_{number}_{locale}", words)
        for number, image in enumerate(draft.get("images") or [])
        for locale, words in (image.get("alt") or {}).items()
    ]
    labels = [words for option in draft.get("options") or [] for words in _labels(option)]
    return [*found, *(Text("options", words) for words in labels)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))


def _labels(option: Mapping[str, Any]) -> Iterator[str]:
    for part in (option, *(option.get("values") or [])):
        yield from (str(words) for words in (part.get("labels") or {}).values())

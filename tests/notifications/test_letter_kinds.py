"""Every registered kind of letter has words in three languages and misses no parameter."""

from datetime import UTC, datetime

import pytest
from django.template import Engine

from notifications.kinds import LetterKind, registered
from notifications.params import to_stored
from notifications.rendering import Words, render

WRITTEN = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
HAN = range(0x4E00, 0xA000)


def words(kind: LetterKind, locale: str) -> Words:
    return render(kind, to_stored(kind, kind.sample), locale=locale, written_at=WRITTEN)


def han(text: str) -> int:
    return sum(ord(letter) in HAN for letter in text)


@pytest.mark.parametrize("locale", ["zh-hans", "zh-hant", "en"])
@pytest.mark.parametrize("kind", registered(), ids=lambda kind: kind.name)
def test_a_kind_has_title_and_body_with_every_parameter(kind, locale, monkeypatch):
    monkeypatch.setattr(Engine.get_default(), "string_if_invalid", "MISSING(%s)")
    Engine.get_default().template_loaders[0].reset()

    letter = words(kind, locale)

    assert letter.title and letter.body
    assert len(letter.title) <= 120
    assert "MISSING" not in letter.title + letter.body
    assert "%(" not in letter.title + letter.body


@pytest.mark.parametrize("kind", registered(), ids=lambda kind: kind.name)
def test_a_kind_is_translated(kind):
    spoken = {locale: words(kind, locale).body for locale in ("zh-hans", "zh-hant", "en")}

    assert len(set(spoken.values())) == 3
    assert han(spoken["zh-hans"]) > 10 and han(spoken["zh-hant"]) > 10

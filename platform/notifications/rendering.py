"""A letter's words: made at reading or sending time, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template import Context, Engine
from django.utils import timezone, translation

from notifications.kinds import LetterKind, kind_named
from notifications.models import Letter
from notifications.params import to_text
from web.formats import reading_year


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str
    path: str = ""


def words_of(letter: Letter, *, locale: str | None = None) -> Words:
    """`locale` None: the language that the reader had when it was written."""
    kind = kind_named(letter.kind)
    return render(kind, letter.params, locale=locale or letter.locale, written_at=letter.created_at)


def render(kind: LetterKind, stored: Mapping[str, Any], *, locale: str, written_at: datetime) -> Words:
    """First line is the title, the rest the body; plain text, so nothing is escaped here.

    Days in another year than `written_at` are shown with their year.
    """
    token = reading_year.set(timezone.localtime(written_at).year)
    try:
        with translation.override(locale):
            shown = to_text(stored)
            template = Engine.get_default().get_template(kind.template)
            text = template.render(Context(shown, autoescape=False)).strip()
    finally:
        reading_year.reset(token)
    title, _, body = text.partition("\n")
    return Words(title=" ".join(title.split()), body=body.strip(), path=shown.get("path", ""))

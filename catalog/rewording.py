"""Doing what a finding advises: leaving the words out of the draft."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import drafting, screened
from catalog.contents import LANGUAGES
from catalog.models import Listing
from catalog.screening.finding import Finding
from catalog.screening.ruleset import by_id
from kernel.actor import Actor
from kernel.errors import N_, DomainError

# What is left around words that went: doubled blanks, a mark before a mark, a mark at the start.
_BLANKS = re.compile(r"[ \t]{2,}")
_MARKS = re.compile(r"([，。；、,;!！])\s*(?=[，。；、,;!！])")
_START = re.compile(r"^[\s，。；、,;!！]+")


class WordsGone(DomainError):
    code = "words_gone"
    message = N_("“%(words)s” doesn't stand there any more, so nothing was changed. Look at the text again.")


@transaction.atomic
def leave_out(*, listing_id: UUID, field: str, start: int, words: str, actor: Actor, at: datetime) -> Listing:
    """Take the words of a finding out of a title or description of the draft, those nearest to `start`.

    :raises WordsGone: the text was changed meanwhile, or the rule advises something else
    """
    listing = Listing.objects.locked(listing_id)
    found = screened.findings_of(listing, listing.draft, at=at)
    there = [each for each in found if (each.field, each.words) == (field, words) and can_be_left_out(each)]
    finding = min(there, key=lambda each: abs(each.start - start), default=None)
    if finding is None:
        raise WordsGone(words=words[:40])
    kind, _rest, locale = field.partition("_")
    text = str(listing.draft[kind][locale])
    changes: dict[str, Any] = {kind: {locale: without(text, finding.start, finding.end)}}
    return drafting.edit_draft(listing_id=listing_id, changes=changes, actor=actor, at=at)


def can_be_left_out(finding: Finding) -> bool:
    """Only of running text: a fact of the table says something else when a part of it goes."""
    kind, _rest, locale = finding.field.partition("_")
    return by_id()[finding.rule_id].remove and kind in ("title", "description") and locale in LANGUAGES


def without(text: str, start: int, end: int) -> str:
    """The text without the span, and without what would stand doubled then; pure."""
    left = _MARKS.sub(
        "",
        f"{text[:start].rstrip(' ')} {text[end:].lstrip(' ')}"
        if _latin(text, start, end)
        else text[:start] + text[end:],
    )
    return _START.sub("", _BLANKS.sub(" ", left)).strip()


def _latin(text: str, start: int, end: int) -> bool:
    """Whether a blank has to stay between the two sides."""
    before, after = text[:start].rstrip(" ")[-1:], text[end:].lstrip(" ")[:1]
    return before.isascii() and after.isalnum() and after.isascii() and bool(before)

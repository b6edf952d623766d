"""What a page shows where an erased person's words stood: a stated gap instead of a failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext

from kernel.errors import N_

PERSON, WORDS = N_("Erased person"), N_("Erased")
# Columns that say who somebody is.
NAMES = frozenset({"recipient", "nickname", "display_name", "contact_name"})

_shown: ContextVar[bool] = ContextVar("privacy_gaps_shown", default=False)


class Gap(str):
    """Stands for words that nobody can read any more; never written back, never empty."""

    __slots__ = ()


@contextmanager
def shown() -> Iterator[None]:
    """Inside, reading a sealed cell whose key is gone gives a gap: for pages that are only looked at."""
    token = _shown.set(True)
    try:
        yield
    finally:
        _shown.reset(token)


@contextmanager
def refused() -> Iterator[None]:
    """Inside, it raises again: for code that has an answer of its own."""
    token = _shown.set(False)
    try:
        yield
    finally:
        _shown.reset(token)


def gap(column: str) -> Gap | None:
    """The gap for a column in the reader's language; None where a gap isn't wanted."""
    return Gap(gettext(PERSON if column in NAMES else WORDS)) if _shown.get() else None

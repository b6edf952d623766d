"""What the present page has opened, and whose reading is accounted for: the net beneath the access record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Opened:
    """`columns` by subject, as they were unsealed; `answered` are the subjects whose reading is on record."""

    columns: dict[UUID, set[str]] = field(default_factory=dict)
    answered: set[UUID] = field(default_factory=set)

    def unanswered(self, public: frozenset[str]) -> dict[UUID, list[str]]:
        """What was opened of whom without a line, apart from what everybody may read."""
        left = {
            subject: sorted(columns - public)
            for subject, columns in self.columns.items()
            if subject not in self.answered
        }
        return {subject: columns for subject, columns in left.items() if columns}


_page: ContextVar[Opened | None] = ContextVar("privacy_opened", default=None)


@contextmanager
def on_this_page() -> Iterator[Opened]:
    """Remember what is unsealed until the block ends."""
    page = Opened()
    token = _page.set(page)
    try:
        yield page
    finally:
        _page.reset(token)


def somebody_asks() -> bool:
    """Whether this page is one whose reading must be on record."""
    return _page.get() is not None


def note(subject_id: UUID, column: str) -> None:
    """A cell of the subject was unsealed; costs nothing where nobody asks."""
    page = _page.get()
    if page is not None:
        page.columns.setdefault(subject_id, set()).add(column)


def answer_for(subject_id: UUID) -> None:
    """The reading of this subject's data on this page is on record, or is the reader's own affair."""
    page = _page.get()
    if page is not None:
        page.answered.add(subject_id)


@contextmanager
def by_machine() -> Iterator[None]:
    """What is unsealed inside is compared by a machine, or is told by its person to who reads it here."""
    token = _page.set(None)
    try:
        yield
    finally:
        _page.reset(token)

"""One person, several subjects: what somebody bought as a guest is theirs too, under its own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

GuestsOf = Callable[[UUID], Iterable[UUID]]


def _nobody(subject_id: UUID) -> Iterable[UUID]:
    return ()


_guests_of: GuestsOf = _nobody


def connect(guests_of: GuestsOf) -> None:
    """Hand in who knows which guests an account's person was; copying and erasing go over them too."""
    global _guests_of
    _guests_of = guests_of


def all_of(subject_id: UUID) -> list[UUID]:
    """The subject itself, then its guests."""
    return [subject_id, *_guests_of(subject_id)]

"""What keeps an erasure from being carried out for now: asked of the rooms above, which config wires in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from kernel.errors import N_, DomainError
from privacy import persons


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`message` is an English msgid with `params`: what is open and what to do; `path`: the page for it."""

    code: str
    message: str
    params: dict[str, object] = field(default_factory=dict)
    path: str = ""

    @property
    def text(self) -> str:
        """The English sentence, for logs and the command line; pages translate `message` themselves."""
        return self.message % self.params if self.params else self.message


Finder = Callable[[UUID], Iterable[Obstacle]]

_finders: list[Finder] = []


class ErasureBlocked(DomainError):
    code = "privacy_erasure_blocked"
    message = N_("Erasing has to wait: %(count)s things are still open. Each is listed with what to do.")


def connect(finders: Iterable[Finder]) -> None:
    """Take the table ERASURE_OBSTACLES of config/subscriptions.py."""
    _finders[:] = finders


def of(subject_id: UUID) -> list[Obstacle]:
    """Everything that is open now, room by room; empty when nothing stands in the way."""
    subjects = persons.all_of(subject_id)
    return [obstacle for one in subjects for finder in _finders for obstacle in finder(one)]


def require_none(subject_id: UUID) -> None:
    """:raises ErasureBlocked:"""
    found = of(subject_id)
    if found:
        raise ErasureBlocked(count=len(found))

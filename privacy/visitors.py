"""Who is at the door, guests of this browser included: told by the floor that knows accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest


class Make(Protocol):
    def __call__(self, request: HttpRequest, *, at: datetime) -> UUID: ...


class NotConnected(RuntimeError):
    """config has not handed the two functions in: a slip of wiring."""


_doors: list[tuple[Callable[[HttpRequest], UUID | None], Make]] = []


def connect(*, known: Callable[[HttpRequest], UUID | None], make: Make) -> None:
    """`known` names the visitor's subject or nobody; `make` gives a visitor a subject of their own."""
    _doors[:] = [(known, make)]


def subject_of(request: HttpRequest) -> UUID | None:
    return _connected()[0](request)


def subject_for(request: HttpRequest, *, at: datetime) -> UUID:
    """The visitor's subject, made if need be: only where something is written, never on GET."""
    return _connected()[1](request, at=at)


def _connected() -> tuple[Callable[[HttpRequest], UUID | None], Make]:
    if not _doors:
        raise NotConnected
    return _doors[0]

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


Doors = tuple[Callable[[HttpRequest], UUID | None], Make, Callable[[HttpRequest], bool]]
_doors: list[Doors] = []


def connect(
    *,
    known: Callable[[HttpRequest], UUID | None],
    make: Make,
    by_link: Callable[[HttpRequest], bool],
) -> None:
    """`known` names the visitor's subject or nobody; `make` gives a visitor a subject of their own; `by_link`
    tells who came by an order's link alone, which can be forwarded."""
    _doors[:] = [(known, make, by_link)]


def subject_of(request: HttpRequest) -> UUID | None:
    return _connected()[0](request)


def subject_for(request: HttpRequest, *, at: datetime) -> UUID:
    """The visitor's subject, made if need be: only where something is written, never on GET."""
    return _connected()[1](request, at=at)


def came_by_link(request: HttpRequest) -> bool:
    """Whether an order's link is all that says who this is."""
    return _connected()[2](request)


def _connected() -> Doors:
    if not _doors:
        raise NotConnected
    return _doors[0]

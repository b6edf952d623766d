"""Facts in the past tense: frozen dataclasses of ids and numbers, never personal data."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

E = TypeVar("E", bound="type[Event]")


class Event:
    """Base of all facts that are handed up through the outbox."""

    __slots__ = ()
    event_name: ClassVar[str]


def event(name: str) -> Callable[[E], E]:
    """Give an event its stable name, "orders.OrderPaid"; it stands in stored messages."""

    def named(cls: E) -> E:
        cls.event_name = name
        return cls

    return named


def to_payload(ev: Event) -> dict[str, Any]:
    """The JSON form of an event."""
    fields = dataclasses.fields(ev)  # type: ignore[arg-type]
    return {field.name: _plain(getattr(ev, field.name)) for field in fields}


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int() | str():
            return str(value) if isinstance(value, str) else value
        case UUID():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"events carry ids, numbers and texts, not {type(value).__name__}")


@cache
def _types(cls: type[Event]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}  # type: ignore[arg-type]


def from_payload(cls: type[Event], payload: dict[str, Any]) -> Event:
    """Rebuild an event; unknown keys are ignored so that old messages outlive new code."""
    known = _types(cls)  # type: ignore[arg-type]
    return cls(**{name: _rich(known[name], value) for name, value in payload.items() if name in known})


def _rich(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _rich(next(part for part in arguments if part is not type(None)), value)
    if origin in (list, tuple):
        items = [_rich(arguments[0], item) for item in value]
        return tuple(items) if origin is tuple else items
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    return UUID(value) if hint is UUID else value

"""Publishing a fact, and the table of who listens to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from kernel.events import Event, to_payload
from outbox.models import Message
from web.kept_inserts import insert

Handler = Callable[..., None]
Table = Mapping[type[Event], tuple[Handler, ...]]

_subscribers: dict[str, tuple[type[Event], tuple[Handler, ...]]] = {}


def connect(table: Table) -> None:
    """Take the readable table of config/subscriptions.py; replaces any earlier one."""
    _subscribers.clear()
    _subscribers.update({cls.event_name: (cls, handlers) for cls, handlers in table.items()})


def subscribers(name: str) -> tuple[type[Event], tuple[Handler, ...]] | None:
    return _subscribers.get(name)


def known_events() -> frozenset[str]:
    return frozenset(_subscribers)


def handler_name(handler: Any) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def publish(event: Event, *, at: datetime) -> None:
    """Write the fact in the caller's transaction; it is handed on after the commit.

    A fact that nobody listens to is only kept.

    :raises RuntimeError: outside a transaction, where the fact could be lost or be untrue
    """
    publish_all([event], at=at)


def publish_all(events: Sequence[Event], *, at: datetime) -> None:
    """Like `publish` for several facts, in one statement.

    :raises RuntimeError: outside a transaction
    """
    if not transaction.get_connection().in_atomic_block:
        names = ", ".join(sorted({event.event_name for event in events}))
        raise RuntimeError(f"{names} must be published inside a transaction")
    insert(_message(event, at=at) for event in events)


def _message(event: Event, *, at: datetime) -> Message:
    found = subscribers(event.event_name)
    unheard = found is not None and not found[1]
    return Message(
        name=event.event_name,
        payload=to_payload(event),
        occurred_at=at,
        handled_at=at if unheard else None,
    )

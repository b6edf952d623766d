"""Publishing a fact, and the table of who listens to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kernel.events import Event, to_payload
from outbox.models import Message

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
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.event_name} must be published inside a transaction")
    found = subscribers(event.event_name)
    unheard = found is not None and not found[1]
    Message.objects.create(
        name=event.event_name,
        payload=to_payload(event),
        occurred_at=at,
        handled_at=at if unheard else None,
    )

"""Handing messages on: at least once, each subscriber's effect exactly once."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from kernel import clock
from kernel.errors import DomainError
from kernel.events import Event, from_payload
from outbox import bus
from outbox.models import Message, Receipt

log = logging.getLogger(__name__)

# About three hours of growing pauses; after that a person has to look.
ATTEMPTS = 14
LONGEST_PAUSE = timedelta(minutes=30)


def drain(*, limit: int = 100) -> int:
    """Handle up to `limit` waiting messages, each in its own transaction; gives how many."""
    handled = 0
    while handled < limit and _handle_next():
        handled += 1
    return handled


def drain_all(*, rounds: int = 10_000) -> int:
    """Until nothing waits, for tests and the demo. :raises RuntimeError: when it never ends"""
    for done in range(rounds):
        if not _handle_next():
            return done
    raise RuntimeError("the outbox never became empty: two handlers feed each other")


@transaction.atomic
def _handle_next() -> bool:
    message = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(handled_at__isnull=True, parked_at__isnull=True, next_at__lte=Now())
        .order_by("next_at", "id")
        .first()
    )
    if message is None:
        return False
    errors = _deliver(message)
    if errors:
        _put_off(message, errors)
    else:
        message.handled_at = clock.now()
        message.save(update_fields=["handled_at"])
    return True


def _deliver(message: Message) -> list[str]:
    found = bus.subscribers(message.name)
    if found is None:
        return ["unknown event"]
    cls, handlers = found
    done = set(message.receipts.values_list("handler", flat=True)) if message.attempts else set()
    event = from_payload(cls, message.payload)
    waiting = [handler for handler in handlers if bus.handler_name(handler) not in done]
    results = [_hand_to(handler, event, message) for handler in waiting]
    return [error for error in results if error]


def _hand_to(handler: bus.Handler, event: Event, message: Message) -> str:
    name = bus.handler_name(handler)
    at = clock.now()
    try:
        with transaction.atomic():
            Receipt.objects.create(message=message, handler=name, handled_at=at)
            handler(event, at=at)
    except Exception as error:
        code = error.code if isinstance(error, DomainError) else type(error).__name__
        # The text of an error may carry personal data; its code and the ids are enough to look.
        log.exception("handler failed", extra={"handler": name, "message_id": str(message.pk), "code": code})
        return f"{name}: {code}"
    return ""


def _put_off(message: Message, errors: list[str]) -> None:
    message.attempts += 1
    message.error = "; ".join(errors)[:200]
    message.next_at = Now() + min(timedelta(seconds=2**message.attempts), LONGEST_PAUSE)
    if message.attempts >= ATTEMPTS:
        message.parked_at = clock.now()
    message.save(update_fields=["attempts", "error", "next_at", "parked_at"])

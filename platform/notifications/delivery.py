"""Carry waiting copies to their channels: at least once, with patience."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from notifications.channels import CHANNELS, NoAddress
from notifications.models import Delivery
from privacy import restored

log = logging.getLogger(__name__)

# A worker that dies while it sends gives its copies back after this time.
LEASE = timedelta(minutes=5)
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))


def deliver_due(*, limit: int, at: datetime) -> int:
    """Try every copy that is due at `at`; returns how many left."""
    return sum(_deliver(delivery, at=at) for delivery in _claim(limit=limit, at=at))


@transaction.atomic
def _claim(*, limit: int, at: datetime) -> list[Delivery]:
    """Lease rows so that no lock is held while a mail server thinks."""
    waiting = Delivery.objects.claimable(at)
    held_until = restored.letters_held_until()
    if held_until is not None:
        # They may have left before the backup was put back: staff decide.
        waiting = waiting.filter(letter__created_at__gt=held_until)
    claimed = list(waiting[:limit].values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=claimed).update(attempts=F("attempts") + 1, next_attempt_at=at + LEASE)
    return list(
        Delivery.objects.filter(pk__in=claimed).select_related("letter").order_by("letter__created_at", "id")
    )


def _deliver(delivery: Delivery, *, at: datetime) -> bool:
    try:
        CHANNELS[delivery.channel](delivery.letter)
    except NoAddress as missing:
        _give_up(delivery, reason=type(missing).__name__)
    except Exception as problem:
        # One bad copy must not stop the others; the text may name the address, so only its kind is kept.
        log.warning("copy %s did not leave: %s", delivery.pk, type(problem).__name__)
        _try_later(delivery, reason=type(problem).__name__, at=at)
    else:
        _change(delivery, state=Delivery.State.SENT, next_attempt_at=None, sent_at=at, failure="")
        return True
    return False


@transaction.atomic
def drop_held(*, until: datetime) -> int:
    """Take waiting copies of letters written up to `until` as sent before; gives how many."""
    held = Delivery.objects.filter(state=Delivery.State.QUEUED, letter__created_at__lte=until)
    return held.update(state=Delivery.State.FAILED, next_attempt_at=None, failure="HeldAfterRestore")


def held(*, until: datetime) -> int:
    """How many copies wait for staff's word."""
    return Delivery.objects.filter(state=Delivery.State.QUEUED, letter__created_at__lte=until).count()


def _try_later(delivery: Delivery, *, reason: str, at: datetime) -> None:
    if delivery.attempts > len(PATIENCE):
        _give_up(delivery, reason=reason)
        return
    _change(delivery, next_attempt_at=at + PATIENCE[delivery.attempts - 1], failure=reason[:80])


def _give_up(delivery: Delivery, *, reason: str) -> None:
    _change(delivery, state=Delivery.State.FAILED, next_attempt_at=None, failure=reason[:80])


def _change(delivery: Delivery, **changes: object) -> None:
    """Only a copy that is still ours to change: a late worker finds nothing to do."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED, attempts=delivery.attempts)
    waiting.update(**changes)

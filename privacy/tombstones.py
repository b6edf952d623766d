"""Laying a tombstone with an erasure, and forgetting again after a restore."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from privacy import journal, keys
from privacy.models import Subject, Tombstone

log = logging.getLogger(__name__)

Forget = Callable[..., None]


@transaction.atomic
def lay(*, subject_id: UUID, at: datetime) -> Tombstone:
    """Last step of an erasure, in its transaction: the row, and the journal's line before the commit.

    A process killed between the two leaves "erasing" in the journal: a restore then erases, as was asked.

    :raises OSError: the journal could not be written; then nothing may be erased
    """
    path = place()
    journal.append(path, journal.ERASING, at=at, subject=str(subject_id))
    stone, _ = Tombstone.objects.get_or_create(subject_id=subject_id, defaults={"erased_at": at})
    transaction.on_commit(
        partial(journal.append, path, journal.ERASED, at=stone.erased_at, subject=str(subject_id))
    )
    return stone


def place() -> Path:
    return Path(settings.TOMBSTONES_FILE)


def settle() -> int:
    """Give the journal the tombstones whose processes died before they wrote there; gives how many."""
    known = journal.read(place()).erased
    late = Tombstone.objects.exclude(subject_id__in=list(known)).order_by("erased_at", "id")
    stones = list(late)
    for stone in stones:
        journal.append(place(), journal.ERASED, at=stone.erased_at, subject=str(stone.subject_id))
    return len(stones)


def behind() -> set[UUID]:
    """Whom the journal says erased and this database does not know as such: it is an old one.

    :raises JournalBroken:
    """
    erased = set(journal.read(place()).erased)
    return erased - set(Tombstone.objects.values_list("subject_id", flat=True)) if erased else set()


def replay(*, forget: Forget) -> int:
    """Erase again exactly those the journal names and the database still knows; gives how many.

    Each in its own transaction, so it can be broken off and begun again. `forget` is erasure's own step.

    :raises JournalBroken:
    """
    known = set(Tombstone.objects.values_list("subject_id", flat=True))
    done = 0
    for subject_id, erased_at in journal.read(place()).gone.items():
        if subject_id not in known:
            _again(subject_id, erased_at=erased_at, forget=forget)
            done += 1
    return done


@transaction.atomic
def _again(subject_id: UUID, *, erased_at: datetime, forget: Forget) -> None:
    if Subject.objects.filter(pk=subject_id).exists():
        # By the clock of the first time: what a rule keeps is kept no longer for having been restored.
        forget(subject_id=subject_id, at=erased_at)
        keys.destroy(subject_id=subject_id, at=erased_at)
        Subject.objects.filter(pk=subject_id, erased_at__isnull=True).update(erased_at=erased_at)
    Tombstone.objects.get_or_create(subject_id=subject_id, defaults={"erased_at": erased_at})
    transaction.on_commit(
        partial(journal.append, place(), journal.ERASED, at=erased_at, subject=str(subject_id))
    )

"""Rotating keys while the site runs: new keys, everything sealed anew, then the old keys destroyed.

All state stands in rows: whoever kills it may start it again. What keeps a slow process from losing words
is the database: it takes no cell under a closed key, and no key is destroyed under which it finds one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from privacy import evacuating, keyring, keys, leftovers, master, notices, rewrapping
from privacy.evacuating import Tally
from privacy.models import KeyRotation, KeyUse, Subject, SubjectKey

Tell = Callable[[str], None]


class RotationRefused(RuntimeError):
    """Said to the person at the keyboard."""


@dataclass(slots=True)
class Report:
    """What this run did; a resumed run counts from where it went on."""

    rotation: UUID | None = None
    resumed: bool = False
    master_version: int | None = None
    rewrapped: int = 0
    retired: list[int] = field(default_factory=list)
    new_keys: int = 0
    keys_destroyed: int = 0
    keys_left: int = 0
    files_removed: int = 0
    tally: Tally = field(default_factory=Tally)

    def as_json(self) -> dict[str, Any]:
        return {
            "rotation": str(self.rotation) if self.rotation else None,
            "resumed": self.resumed,
            "master_version": self.master_version,
            "rewrapped": self.rewrapped,
            "retired": self.retired,
            "new_keys": self.new_keys,
            "cells": self.tally.cells,
            "files": self.tally.files,
            "keys_destroyed": self.keys_destroyed,
            "keys_left": self.keys_left,
            "files_removed": self.files_removed,
            "unreadable": sorted(self.tally.unreadable),
        }


@dataclass(frozen=True)
class Pace:
    """Rows per transaction, and the seconds in which every process hears of new keys."""

    batch: int = 200
    settle: float = 5.0


def rotate(
    *, subject_id: UUID | None, with_master: bool, with_data: bool, pace: Pace, at: datetime, tell: Tell
) -> Report:
    """Begin a rotation, or go on with the open one. :raises RotationRefused: when its aim is another"""
    rotation, resumed = _begin(subject_id, with_master, with_data, at)
    report = Report(rotation.pk, resumed)
    tell(f"rotation {rotation.pk} {'goes on' if resumed else 'begins'}")
    if rotation.master:
        report.master_version = _promote(rotation)
        report.rewrapped = rewrapping.rewrap(batch=pace.batch, tell=tell)
    if rotation.data:
        _rotate_data(rotation, report, pace, at, tell)
    KeyRotation.objects.filter(pk=rotation.pk).update(finished_at=at)
    return report


@transaction.atomic
def _begin(
    subject_id: UUID | None, with_master: bool, with_data: bool, at: datetime
) -> tuple[KeyRotation, bool]:
    if subject_id and not Subject.objects.filter(pk=subject_id).exists():
        raise RotationRefused(f"there is no subject {subject_id}")
    found = KeyRotation.objects.filter(finished_at__isnull=True).select_for_update().first()
    if found is None:
        made = KeyRotation.objects.create(
            subject_id=subject_id, master=with_master, data=with_data, started_at=at
        )
        return made, False
    if (found.subject_id, found.master, found.data) != (subject_id, with_master, with_data):
        raise RotationRefused(f"another rotation is open; finish it first: {words_for(found)}")
    return found, True


def words_for(rotation: KeyRotation) -> str:
    """The command that goes on with it."""
    words = ["dev manage privacy rotate"]
    if rotation.subject_id:
        words.append(f"--subject {rotation.subject_id}")
    elif not rotation.data:
        words.append("--master-only")
    elif not rotation.master:
        words.append("--data-only")
    return " ".join(words)


def _promote(rotation: KeyRotation) -> int:
    """The version to wrap under: a key that waits, or a new one, made primary; once per rotation."""
    if rotation.master_version is None:
        service = master.service()
        service.add()
        rotation.master_version = service.promote()
        rotation.save(update_fields=["master_version"])
    assert rotation.master_version is not None
    return rotation.master_version


def _rotate_data(rotation: KeyRotation, report: Report, pace: Pace, at: datetime, tell: Tell) -> None:
    subject_id = rotation.subject_id
    while made := _add_some(rotation, pace.batch, at):
        report.new_keys += made
        tell(f"data keys: {report.new_keys} new")
    _publish()
    # Every process asks for the notice once a second: then it seals under the new keys.
    time.sleep(pace.settle)
    _close(subject_id, pace.batch, at, tell)
    _evacuate(subject_id, report, pace, tell)
    report.keys_destroyed = _destroy(subject_id, at)
    report.keys_left = _closed(subject_id).count()
    report.files_removed = leftovers.remove(subject_id)
    tell(f"data keys: {report.keys_destroyed} old ones destroyed, {report.keys_left} left")


@transaction.atomic
def _add_some(rotation: KeyRotation, batch: int, at: datetime) -> int:
    mine = SubjectKey.objects.filter(
        subject_id=OuterRef("pk"), use=KeyUse.DATA, destroyed_at__isnull=True, closed_at__isnull=True
    )
    wanted = Subject.objects.filter(Exists(mine), erased_at__isnull=True).exclude(
        Exists(mine.filter(created_at__gte=rotation.started_at))
    )
    if rotation.subject_id:
        wanted = wanted.filter(pk=rotation.subject_id)
    locked = wanted.order_by("pk").select_for_update(no_key=True, of=("self",))[:batch]
    subject_ids = [one.pk for one in locked]
    keys.add_versions(subject_ids=subject_ids, at=at)
    return len(subject_ids)


def _publish() -> None:
    with transaction.atomic():
        notices.publish()
    keyring.forget_all()


def _stale(subject_id: UUID | None) -> QuerySet[SubjectKey]:
    """Data keys that are still open though their subject has a newer one."""
    live = SubjectKey.objects.filter(use=KeyUse.DATA, destroyed_at__isnull=True, closed_at__isnull=True)
    newer = live.filter(subject_id=OuterRef("subject_id"), version__gt=OuterRef("version"))
    found = live.filter(Exists(newer))
    return found.filter(subject_id=subject_id) if subject_id else found


def _close(subject_id: UUID | None, batch: int, at: datetime, tell: Tell) -> None:
    """From here on nothing new lies under an old key; whoever writes under it just now is waited for."""
    while True:
        with transaction.atomic():
            stale = _stale(subject_id).order_by("pk")
            found = stale.select_for_update(skip_locked=True, of=("self",))[:batch]
            closed = SubjectKey.objects.filter(pk__in=[key.pk for key in found]).update(closed_at=at)
        if not closed and not _stale(subject_id).exists():
            break
        if not closed:
            tell("data keys: waiting for somebody who writes")
            time.sleep(0.2)
    _publish()


def _evacuate(subject_id: UUID | None, report: Report, pace: Pace, tell: Tell) -> None:
    tally = report.tally
    for place in evacuating.places():
        while True:
            moved, held = evacuating.evacuate_cells(place, subject_id, batch=pace.batch, tally=tally)
            if moved:
                tell(f"{place.model._meta.label}: {moved} rows sealed anew")
            if not held:
                break
            tell(f"{place.model._meta.label}: {held} rows are held by somebody")
            time.sleep(0.5)
    while True:
        moved, held = evacuating.evacuate_files(subject_id, tally=tally)
        if moved:
            tell(f"files: {moved} sealed anew")
        if not held:
            break
        tell(f"files: {held} are held by somebody")
        time.sleep(0.5)


def _closed(subject_id: UUID | None) -> QuerySet[SubjectKey]:
    found = SubjectKey.objects.filter(use=KeyUse.DATA, closed_at__isnull=False, destroyed_at__isnull=True)
    return found.filter(subject_id=subject_id) if subject_id else found


def _destroy(subject_id: UUID | None, at: datetime) -> int:
    """One statement looks for what lies under each closed key and destroys those that nothing refers to."""
    mine = "AND k.subject_id = %s" if subject_id else ""
    sql = (
        "UPDATE privacy_subjectkey k SET wrapped = NULL, destroyed_at = %s WHERE k.use = 'data'"
        f" AND k.closed_at IS NOT NULL AND k.destroyed_at IS NULL {mine} AND {evacuating.nothing_refers()}"
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, [at, *([subject_id] if subject_id else [])])
            destroyed = int(cursor.rowcount)
        notices.publish()
    keyring.forget_all()
    return destroyed

"""The nightly sweep: what has outlived its purpose goes, bounded and counted, never whose it was."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from privacy import columns, copying, inventory, keeping, keys, resealing
from privacy.classification import AtErasure, PersonalField
from privacy.forgetting import blank
from privacy.models import RetentionRun, StoredFile, Subject, SubjectKey
from rulebook import policies

log = logging.getLogger(__name__)

POLICY = "privacy.retention"
# One of our own choosing: two processes never sweep at once.
_LOCK = 7_411_926

# A room's own sweep: keyword-only at= and limit=, gives how many went.
Sweep = Callable[..., int]

_sweeps: dict[str, Sweep] = {}


def connect(sweeps: Mapping[str, Sweep]) -> None:
    """Take the table RETENTION of config/subscriptions.py: what goes → who takes it away."""
    _sweeps.clear()
    _sweeps.update(sweeps)


def days(name: str, at: datetime) -> timedelta:
    """How long the policy lets one kind of data lie, by the name in the policy ("letter_days")."""
    return timedelta(days=policies.value(POLICY, at)[name])


def sweep_when_due(*, at: datetime) -> RetentionRun | None:
    """One run a night; None when the last one is younger or another process is at it."""
    run = _begin(at)
    if run is None:
        return None
    policy = policies.value(POLICY, at)
    counts: dict[str, Any] = {}
    for name, sweep in {**_OWN, **_sweeps}.items():
        counts[name] = _all_of(sweep, at=at, limit=policy["batch"], most=policy["most"], name=name)
    run.ended_at, run.counts = at, counts
    run.save(update_fields=["ended_at", "counts"])
    return run


def last_runs(limit: int = 30) -> list[RetentionRun]:
    return list(RetentionRun.objects.order_by("-started_at", "-id")[:limit])


@transaction.atomic
def _begin(at: datetime) -> RetentionRun | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    since = at - timedelta(hours=policies.value(POLICY, at)["every_hours"])
    if RetentionRun.objects.filter(started_at__gt=since).exists():
        return None
    return RetentionRun.objects.create(started_at=at)


def _all_of(sweep: Sweep, *, at: datetime, limit: int, most: int, name: str) -> int | str:
    """Batch after batch, each in its own transaction; one kind's failure leaves the others their turn."""
    gone = 0
    try:
        while gone < most:
            found = sweep(at=at, limit=limit)
            gone += found
            if found < limit:
                break
    except Exception as broken:
        log.exception("a retention sweep failed", extra={"code": name})
        return f"{gone} {type(broken).__name__}"
    return gone


@transaction.atomic
def kept_keys(*, at: datetime, limit: int) -> int:
    """What a rule kept until today: its key is destroyed, its files' bytes and plain words go."""
    over = SubjectKey.objects.filter(use="kept", destroyed_at__isnull=True, destroy_after__lte=at)
    found = list(over.order_by("destroy_after", "id").values("subject_id", "version", "keep_rule_id")[:limit])
    for key in found:
        Subject.objects.select_for_update(no_key=True).get(pk=key["subject_id"])
        _remove_files(key["subject_id"], key["version"])
        keys.destroy_kept(subject_id=key["subject_id"], version=key["version"], at=at)
        for entry in _plain(key["keep_rule_id"]):
            _blank_what_is_over(entry, key["subject_id"], at)
    return len(found)


def expired_copies(*, at: datetime, limit: int) -> int:
    return copying.expire(at=at, limit=limit)


_OWN: dict[str, Sweep] = {"kept_keys": kept_keys, "expired_copies": expired_copies}


def _remove_files(subject_id: Any, version: int) -> None:
    found = StoredFile.objects.filter(subject_id=subject_id, key_version=version)
    paths = [path for pair in found.values_list("path", "shown_path") for path in pair if path]
    transaction.on_commit(lambda: resealing.remove(paths))


def _plain(rule_id: str) -> Iterable[PersonalField]:
    """Columns that stood open while the rule kept them; relations are pseudonyms and stay."""
    for entry in inventory.fields():
        kept = entry.erasure is AtErasure.KEEP and entry.keeping and entry.keeping.rule_id == rule_id
        if kept and not columns.is_sealed(entry.column) and not columns.field_of(entry.column).is_relation:
            yield entry


def _blank_what_is_over(entry: PersonalField, subject_id: Any, at: datetime) -> None:
    rule = entry.keeping
    assert rule is not None
    rows = inventory.rows_holding(entry, subject_id).annotate(since_=F(rule.since))
    over = [
        row.pk for row in rows if row.since_ and keeping.until(rule.rule_id, since=row.since_, at=at) <= at
    ]
    if over:
        blank(entry, rows.model._base_manager.filter(pk__in=over))

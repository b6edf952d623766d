"""Wrapping every subject's keys under the primary master key, and retiring the older ones."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count

from kernel.errors import N_, DomainError
from privacy import keyring, master
from privacy.models import RetiredMaster, SubjectKey

# Two numbers name the lock between wrapping under a version and retiring it (migration 0007).
_LOCK = 20261121
Tell = Callable[[str], None]


class MasterInUse(DomainError):
    code = "privacy_master_in_use"
    message = N_(
        "This master key is in use, or keys still lie under it. Rotate first, then propose it again."
    )


@dataclass(frozen=True, slots=True)
class Master:
    """One master key: `wraps` is how many keys of people and shops lie under it."""

    version: int
    primary: bool
    wraps: int


def rewrap(*, batch: int, tell: Tell) -> int:
    """Re-wrap what lies under older master keys; rows that somebody holds are taken in a later round."""
    done = 0
    while True:
        primary = master.current_version()
        moved = _rewrap_some(primary, batch)
        done += moved
        if moved:
            tell(f"master key {primary}: {done} keys wrapped anew")
        elif not SubjectKey.objects.filter(wrapped__isnull=False, master_version__lt=primary).exists():
            return done
        else:
            time.sleep(0.1)


@transaction.atomic
def _rewrap_some(primary: int, batch: int) -> int:
    rows = list(
        SubjectKey.objects.filter(wrapped__isnull=False, master_version__lt=primary)
        .order_by("master_version", "id")
        .select_for_update(no_key=True, skip_locked=True)[:batch]
    )
    contexts = [keyring.wrapping_context(row.subject_id, row.version) for row in rows]
    secrets = master.unwrap(
        [
            master.Wrapped(row.master_version, bytes(row.wrapped or b""), context)
            for row, context in zip(rows, contexts, strict=True)
        ]
    )
    made = master.wrap(list(zip(secrets, contexts, strict=True))) if rows else []
    for row, new in zip(rows, made, strict=True):
        row.wrapped, row.master_version = new.wrapped, new.master_version
    SubjectKey.objects.bulk_update(rows, ["wrapped", "master_version"])
    return len(rows)


def retire(*, at: datetime, tell: Tell) -> list[int]:
    """Destroy every master key older than the primary under which nothing lies any more; gives them."""
    service, gone = master.service(), []
    for version in service.versions():
        if version >= service.primary():
            continue
        if _fence(version, at):
            service.drop(version)
            gone.append(version)
            tell(f"master key {version}: destroyed; backups whose keys lie under it are lost with it")
        else:
            tell(f"master key {version}: still wraps keys; rotate first")
    return gone


def masters() -> list[Master]:
    """Every master key that there still is, the newest first, and how many keys lie under it."""
    service = master.service()
    lying = SubjectKey.objects.filter(wrapped__isnull=False).order_by("master_version")
    counted = dict(lying.values_list("master_version").annotate(n=Count("id")))
    versions = sorted(service.versions(), reverse=True)
    return [Master(each, each == service.primary(), counted.get(each, 0)) for each in versions]


@transaction.atomic
def retire_one(*, version: int, at: datetime) -> None:
    """Fence one older master key off and destroy it once that is committed.

    A process killed in between leaves a fenced key; `privacy rotate --retire` takes it away.
    :raises MasterInUse: the primary, one that wraps keys, or none
    """
    service = master.service()
    if version not in service.versions() or version >= service.primary() or not _fence(version, at):
        raise MasterInUse
    transaction.on_commit(lambda: service.drop(version))


@transaction.atomic
def _fence(version: int, at: datetime) -> bool:
    """Whether nothing lies under it; from here on the database lets nobody wrap under it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, version])
    if SubjectKey.objects.filter(wrapped__isnull=False, master_version=version).exists():
        return False
    RetiredMaster.objects.get_or_create(version=version, defaults={"at": at})
    return True

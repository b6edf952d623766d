"""Moving every cell and file away from closed data keys, a few rows at a time, beside people who write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from privacy import keyring, live_keys, resealing
from privacy.fields import EncryptedTextField, Sealed
from privacy.keyring import KeyDestroyed
from privacy.models import StoredFile, SubjectKey
from privacy.sealing import SealBroken

# Whoever waits for a person's row or key gives up first, and comes again.
_WAIT = "SET LOCAL lock_timeout = '500ms'"


@dataclass(slots=True)
class Tally:
    """What a run did; `unreadable` names rows ("app.Model pk") that no key opened or that may not change."""

    cells: int = 0
    files: int = 0
    unreadable: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """The sealed columns of one table that belong to the same subject column."""

    model: type[models.Model]
    subject: str
    fields: tuple[EncryptedTextField, ...]

    def name(self, pk: Any) -> str:
        return f"{self.model._meta.label} {pk}"


def places() -> list[Place]:
    """Every table with sealed columns, of every app."""
    found: dict[tuple[type[models.Model], str], list[EncryptedTextField]] = {}
    for model in apps.get_models():
        for each in live_keys.sealed_fields(model):
            found.setdefault((model, each.subject), []).append(each)
    return [Place(model, subject, tuple(fields)) for (model, subject), fields in found.items()]


def evacuate_cells(place: Place, subject_id: UUID | None, *, batch: int, tally: Tally) -> tuple[int, int]:
    """One walk over a table: how many rows were moved, and how many somebody else held meanwhile."""
    moved = held = 0
    for pks in _stale_rows(place, subject_id, batch):
        wanted = [pk for pk in pks if place.name(pk) not in tally.unreadable]
        changed, failed = _reseal_rows(place, wanted, tally) if wanted else (0, 0)
        moved += changed
        held += len(wanted) - changed - failed
    return moved, held


def _stale_rows(place: Place, subject_id: UUID | None, batch: int) -> Iterator[list[Any]]:
    """Keys of rows with a cell under a closed key, in the order of their keys, each batch read anew."""
    quote = connection.ops.quote_name
    options = place.model._meta
    assert options.pk is not None
    pk, subject = quote(str(options.pk.column)), quote(column_of(place.model, place.subject))
    mine = f" AND t.{subject} = %s" if subject_id else ""
    after: Any = None
    while True:
        sql = (
            f"SELECT t.{pk} FROM {quote(options.db_table)} t WHERE (%s IS NULL OR t.{pk} > %s){mine}"
            f" AND EXISTS (SELECT 1 FROM privacy_subjectkey k WHERE k.subject_id = t.{subject}"
            " AND k.use = 'data' AND k.closed_at IS NOT NULL AND k.destroyed_at IS NULL"
            f" AND k.version IN ({versions_in(place)})) ORDER BY t.{pk} LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, after, *([subject_id] if subject_id else []), batch])
            pks = [row[0] for row in cursor.fetchall()]
        if not pks:
            return
        yield pks
        after = pks[-1]


def versions_in(place: Place) -> str:
    """SQL: the key versions of a row's cells; the row is `t`."""
    quote = connection.ops.quote_name
    return ", ".join(f"privacy_sealed_version(t.{quote(str(each.column))})" for each in place.fields)


def column_of(model: type[models.Model], attname: str) -> str:
    return next(str(each.column) for each in model._meta.local_concrete_fields if each.attname == attname)


def _reseal_rows(place: Place, pks: list[Any], tally: Tally) -> tuple[int, int]:
    """One transaction; a row that the database itself refuses is looked for by itself, and named."""
    try:
        with transaction.atomic():
            return _reseal_locked(place, pks, tally)
    except OperationalError:
        return 0, 0
    except DatabaseError:
        if len(pks) == 1:
            tally.unreadable.add(place.name(pks[0]))
            return 0, 1
    results = [_reseal_rows(place, [pk], tally) for pk in pks]
    return sum(moved for moved, _ in results), sum(failed for _, failed in results)


def _reseal_locked(place: Place, pks: list[Any], tally: Tally) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
    rows = list(
        place.model._base_manager.filter(pk__in=pks)
        .only("pk", place.subject, *(each.attname for each in place.fields))
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    keyring.preload([getattr(row, place.subject) for row in rows])
    swaps, failed = [], 0
    for row in rows:
        try:
            version, _ = keyring.current(getattr(row, place.subject))
        except KeyDestroyed:
            # Erased since the walk began: there is nothing to save.
            failed += 1
            continue
        try:
            swaps.append(_swap_of(place, row, version))
        except (SealBroken, KeyDestroyed):
            failed += 1
            tally.unreadable.add(place.name(row.pk))
    columns = [str(each.column) for each in place.fields]
    changed = resealing.swap_many(place.model, columns, swaps) if swaps else 0
    tally.cells += sum(cell is not None for _, before, _after in swaps for cell in before)
    return changed, failed


def _swap_of(place: Place, row: models.Model, version: int) -> tuple[Any, list[Any], list[Any]]:
    before = [row.__dict__.get(each.attname) for each in place.fields]
    after = [
        each.seal_under(row, each.open(row, cell), version=version) if isinstance(cell, Sealed) else cell
        for each, cell in zip(place.fields, before, strict=True)
    ]
    return row.pk, [_raw(cell) for cell in before], [_raw(cell) for cell in after]


def _raw(cell: Any) -> bytes | None:
    return None if cell is None else bytes(cell)


def evacuate_files(subject_id: UUID | None, *, tally: Tally) -> tuple[int, int]:
    """Files that lie under a closed key, and older ones of which no column says under which."""
    closed = SubjectKey.objects.filter(
        Q(version=OuterRef("key_version")) | Q(version=OuterRef("shown_key_version")),
        subject_id=OuterRef("subject_id"),
        closed_at__isnull=False,
        destroyed_at__isnull=True,
    )
    live = SubjectKey.objects.filter(subject_id=OuterRef("subject_id"), use="data", destroyed_at__isnull=True)
    stale = StoredFile.objects.filter(
        Exists(closed) | Q(key_version__isnull=True) & ~Q(path="") & Exists(live)
    ).order_by("pk")
    stale = stale.filter(subject_id=subject_id) if subject_id else stale
    moved = held = 0
    for pk in list(stale.values_list("pk", flat=True)):
        name = f"privacy.StoredFile {pk} file"
        if name not in tally.unreadable:
            found = _reseal_one_file(pk, name, tally)
            moved, held = moved + found, held + (not found and name not in tally.unreadable)
    return moved, held


def _reseal_one_file(pk: UUID, name: str, tally: Tally) -> bool:
    try:
        with transaction.atomic():
            stored = StoredFile.objects.filter(pk=pk).select_for_update(no_key=True, skip_locked=True).first()
            if stored is None:
                return False
            version, _ = keyring.current(stored.subject_id)
            moved = resealing.reseal_file(stored, to_version=version)
            tally.files += moved
            return moved
    except (SealBroken, KeyDestroyed, OSError):
        tally.unreadable.add(name)
        return False
    except OperationalError:
        return False


def nothing_refers() -> str:
    """SQL: no cell and no file of the subject lies under the key `k` any more."""
    quote = connection.ops.quote_name
    parts = [
        f"NOT EXISTS (SELECT 1 FROM {quote(place.model._meta.db_table)} t"
        f" WHERE t.{quote(column_of(place.model, place.subject))} = k.subject_id"
        f" AND k.version IN ({versions_in(place)}))"
        for place in places()
    ]
    for model in apps.get_models():
        for each in live_keys.version_fields(model):
            subject = quote(column_of(model, each.subject))
            parts.append(
                f"NOT EXISTS (SELECT 1 FROM {quote(model._meta.db_table)} t WHERE t.{subject} = k.subject_id"
                f" AND t.{quote(str(each.column))} = k.version)"
            )
    parts.append(
        "NOT EXISTS (SELECT 1 FROM privacy_storedfile t WHERE t.subject_id = k.subject_id"
        " AND t.path <> '' AND t.key_version IS NULL)"
    )
    return " AND ".join(parts)

"""Sealing anew: cells and files under another version of their subject's keys, never in between readable."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from privacy import file_sealing, files, keyring, live_keys
from privacy.fields import EncryptedTextField, Sealed
from privacy.models import StoredFile


def sealed_columns() -> list[tuple[type[models.Model], EncryptedTextField]]:
    """Every sealed column of every app."""
    return [(model, each) for model in apps.get_models() for each in live_keys.sealed_fields(model)]


def reseal(instance: models.Model, field_names: Sequence[str], *, to_version: int) -> bool:
    """Rewrite these cells of a row under another key version of their subject.

    False when somebody wrote one of them meanwhile: then nothing was changed and the row must be read anew.
    :raises KeyDestroyed, KeyRestricted: when the old key doesn't open here
    """
    fields = [_sealed_field(instance, name) for name in field_names]
    cells = [(each, instance.__dict__.get(each.attname)) for each in fields]
    moved = [
        (each, before, each.seal_under(instance, each.open(instance, before), version=to_version))
        for each, before in cells
        if isinstance(before, Sealed)
    ]
    if moved and not swap_many(
        type(instance),
        [str(each.column) for each, *_ in moved],
        [(instance.pk, [bytes(one) for _, one, _ in moved], [bytes(one) for *_, one in moved])],
    ):
        return False
    for each, _before, after in moved:
        setattr(instance, each.attname, after)
    return True


def _sealed_field(instance: models.Model, name: str) -> EncryptedTextField:
    found = instance._meta.get_field(name)
    if not isinstance(found, EncryptedTextField):
        raise TypeError(f"{name} is no sealed column")
    return found


def swap_many(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, Sequence[Any], Sequence[Any]]],
) -> int:
    """One UPDATE for (pk, cells before, cells after), fenced on the cells before; gives the rows changed."""
    quote = connection.ops.quote_name
    pk = model._meta.pk
    assert pk is not None
    names = [quote(each) for each in columns]
    sets = ", ".join(f"{name} = v.n{i}" for i, name in enumerate(names))
    fence = " AND ".join(f"t.{name} IS NOT DISTINCT FROM v.o{i}" for i, name in enumerate(names))
    titles = ", ".join(["pk", *(f"o{i}" for i in range(len(names))), *(f"n{i}" for i in range(len(names)))])
    one = ", ".join([f"%s::{pk.db_type(connection)}", *(["%s::bytea"] * (2 * len(names)))])
    sql = (
        f"UPDATE {quote(model._meta.db_table)} t SET {sets}"
        f" FROM (VALUES {', '.join([f'({one})'] * len(rows))}) v ({titles})"
        f" WHERE t.{quote(str(pk.column))} = v.pk AND {fence}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for key, before, after in rows for value in (key, *before, *after)])
        return int(cursor.rowcount)


def reseal_file(stored: StoredFile, *, to_version: int) -> bool:
    """Write both copies of a file anew under another key version; the old ones go after the commit.

    False when somebody moved it meanwhile. :raises KeyDestroyed, KeyRestricted: when the old key doesn't open
    """
    before = (stored.path, stored.shown_path)
    after = tuple(_copy(stored, path, to_version) if path else "" for path in before)
    changed = StoredFile.objects.filter(pk=stored.pk, path=before[0], shown_path=before[1]).update(
        path=after[0],
        shown_path=after[1],
        key_version=to_version,
        shown_key_version=to_version if after[1] else None,
    )
    gone = before if changed else after
    transaction.on_commit(lambda: remove(path for path in gone if path))
    stored.refresh_from_db(fields=["path", "shown_path", "key_version", "shown_key_version"])
    return bool(changed)


def remove(paths: Any) -> None:
    """Take files away; one that is gone already is no matter."""
    for path in paths:
        default_storage.delete(path)


def _copy(stored: StoredFile, path: str, version: int) -> str:
    """A sealed copy beside the old one, named by its key version (a run that was killed writes it again)."""
    key = keyring.to_seal(stored.subject_id, version)
    name = f"{path.partition('.')[0]}.v{version}"
    if name == path:
        return path
    with SpooledTemporaryFile(max_size=file_sealing.PIECE * 2) as sealed:
        for piece in file_sealing.seal_pieces(
            files.open_sealed(stored, path), file_id=str(stored.pk), key=key, key_version=version
        ):
            sealed.write(piece)
        sealed.seek(0)
        default_storage.delete(name)
        return str(default_storage.save(name, File(sealed)))

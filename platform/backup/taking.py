"""Taking a backup while the site runs: data in one folder, keys in another, both of one instant."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from backup import programs, snapshot
from backup.files import Safe, Written
from backup.manifest import DATA, KEYS, Manifest
from backup.refusals import Refused
from kernel.ids import new_id
from privacy import journal, restored, tombstones

DATABASE, FILES, JOURNAL = "database.dump", "files.tar", "tombstones.jsonl"
# Room for what is written besides: manifests, keys, and what comes in while it is copied.
RESERVE = 32 * 1024 * 1024
NOTES = {
    DATA: """The data part of a backup of Anxin: everything except keys, from one instant.
Personal fields and files in it are sealed under keys that are NOT in it.
Keep it apart from the key part: other media, other hands. Whoever holds both and the master key
reads everything.
""",
    KEYS: """The key part of a backup of Anxin: the subjects' keys, each wrapped by the master key.
Keep it apart from the data part and destroy it sooner: a key that was shredded since still stands here.
The master key file (ANXIN_MASTER_KEY_FILE) is in NEITHER part, and the tombstone journal goes on after
this backup: keep copies of both elsewhere.
""",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the two parts go, and the file with the passphrase, if there is one."""

    data: Path
    keys: Path
    passphrase: Path | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was written, in bytes, beside the size of the database and of the files."""

    backup_id: str
    data_bytes: int
    key_bytes: int
    database_bytes: int
    rows: int


def take(wish: Wish, *, at: datetime) -> Taken:
    """Write both parts, whole or not at all.

    :raises Refused: a folder is not empty, the disk is full, another backup or a restore runs
    """
    if restored.marker().exists():
        raise Refused("A restore was begun here and did not end. End it before taking a backup.")
    backup_id = new_id().hex
    safe = Safe.of(backup_id, wish.passphrase)
    for folder in (wish.data, wish.keys):
        _free(folder)
    with alone():
        _room(wish.data)
        drafts = {part: _draft(folder) for part, folder in ((DATA, wish.data), (KEYS, wish.keys))}
        try:
            taken = _write(drafts, safe, at=at)
            for part, folder in ((KEYS, wish.keys), (DATA, wish.data)):
                _publish(drafts[part], folder)
        except OSError as problem:
            if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Refused("The disk became full. What was written was taken away again.") from None
        finally:
            for draft in drafts.values():
                shutil.rmtree(draft, ignore_errors=True)
    return taken


@contextmanager
def alone() -> Iterator[None]:
    """One backup or restore of an installation at a time. :raises Refused: another one runs"""
    place = Path(settings.TOMBSTONES_FILE).with_name("backup.lock")
    with place.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("Another backup or restore of this installation is running.") from None
        yield


def _free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already and not empty. Name a new folder: nothing is overwritten.")


def _room(folder: Path) -> None:
    parent = next(one for one in folder.absolute().parents if one.is_dir())
    files = Path(settings.FILES_ROOT)
    needed = snapshot.size() + sum(one.stat().st_size for one in files.rglob("*") if one.is_file()) + RESERVE
    free = shutil.disk_usage(parent).free
    if free < needed:
        raise Refused(
            f"There is not enough room in {parent}: {free // 2**20} MB are free,"
            f" up to {needed // 2**20} MB may be needed."
        )


def _draft(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))


def _publish(draft: Path, folder: Path) -> None:
    if folder.is_dir():
        folder.rmdir()
    draft.rename(folder)
    handle = os.open(folder.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def _write(drafts: dict[str, Path], safe: Safe, *, at: datetime) -> Taken:
    with snapshot.held() as name:
        number, digest = snapshot.leaves()
        # The log's length leaves the database too: a restore can tell what it lost.
        head = journal.append(tombstones.place(), journal.LOG, at=at, leaves=number)
        key_tables = snapshot.key_tables()
        files = _data(drafts[DATA], safe, name, key_tables)
        kept = {f"{table}.copy": _table(drafts[KEYS], safe, table) for table in key_tables}
        facts = {
            "backup_id": safe.backup_id, "at": at, "sealed": safe.key is not None, "journal": head,
            "server": snapshot.server(), "migrations": snapshot.applied(), "counts": snapshot.counts(),
        }  # fmt: skip
        log = {"leaves": number, "leaves_digest": digest, "stored_files": snapshot.stored_files()}
        data = Manifest(part=DATA, files=files, **log, **facts)  # type: ignore[arg-type]
        keys = Manifest(part=KEYS, files=kept, **facts)  # type: ignore[arg-type]
        size = snapshot.size()
    for made in (data, keys):
        made.save(drafts[made.part], safe)
        (drafts[made.part] / "README.txt").write_text(NOTES[made.part])
    return Taken(safe.backup_id, data.bytes, keys.bytes, size, sum(data.counts.values()))


def _data(draft: Path, safe: Safe, name: str, key_tables: list[str]) -> dict[str, Written]:
    dump = [str(programs.folder() / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    dump += ["--no-password", f"--snapshot={name}", "--schema=public"]
    dump += [f"--exclude-table-data=public.{table}" for table in key_tables]
    files = Path(settings.FILES_ROOT)
    files.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Exit code 1: a file was removed while we read, as an erasure does. Files are never rewritten.
    tar = ["tar", "--create", "--file=-", f"--directory={files}", "."]
    with programs.saying(dump) as said:
        written = {DATABASE: safe.write(draft / DATABASE, programs.pieces(said))}
    with programs.saying(tar, good=(0, 1)) as said:
        written[FILES] = safe.write(draft / FILES, programs.pieces(said))
    with tombstones.place().open("rb") as said:
        written[JOURNAL] = safe.write(draft / JOURNAL, programs.pieces(said))
    return written


def _table(draft: Path, safe: Safe, table: str) -> Written:
    """One line with the columns, then the rows."""
    with tempfile.TemporaryFile(dir=draft) as held:
        columns = snapshot.copy_out(table, held)
        held.seek(0)
        return safe.write(draft / f"{table}.copy", _headed(columns, programs.pieces(held)))


def _headed(columns: list[str], rows: Iterator[bytes]) -> Iterator[bytes]:
    yield "\t".join(columns).encode() + b"\n"
    yield from rows

"""Putting a backup back: everything is checked first, then data, files and keys, in that order."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from backup import keys, manifest, programs, snapshot
from backup.files import Safe
from backup.manifest import DATA, KEYS, Manifest
from backup.refusals import Damaged, Refused
from backup.taking import DATABASE, FILES, JOURNAL, alone
from kernel import clock
from privacy import journal, restored, tombstones
from privacy.models import SubjectKey

WIPE = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'anxin'
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to put back. `keys` None: without them; `lost_journal`: take the one inside the backup."""

    data: Path
    keys: Path | None
    passphrase: Path | None = None
    force: bool = False
    lost_journal: bool = False
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PutBack:
    """What came back."""

    backup_id: str
    taken_at: datetime
    rows: int
    migrated: bool
    leaves_lost: int
    files_missing: int


@dataclass(frozen=True, slots=True)
class _Checked:
    safe: Safe
    data: Manifest
    keys: Manifest | None
    tombstones: journal.Journal


def put_back(wish: Wish, *, at: datetime) -> PutBack:
    """Restore, `at` the machine's instant; nothing is served until `finishing.finish` replayed tombstones.

    :raises Damaged: nothing was touched
    :raises Refused: likewise, except where it says that the database is empty now
    """
    with alone():
        checked = _check(wish)
        _ready(force=wish.force)
        restored.marker().write_text(json.dumps({"backup": checked.data.backup_id, "at": at.isoformat()}))
        _data(wish, checked)
        _files(wish.data / FILES, checked.safe)
        _keys(wish, checked)
        migrated = _migrate(checked.data, wish.roles)
        lost = max(checked.tombstones.leaves - checked.data.leaves, 0)
        restored.note(
            backup_id=checked.data.backup_id,
            taken_at=checked.data.at,
            keys_missing=checked.keys is None,
            leaves_lost=lost,
            # The platform's clock lives in the database: only now there is one.
            at=clock.now(),
        )
        # From here on the database says itself that it must not be served.
        restored.marker().unlink()
    return PutBack(
        checked.data.backup_id, checked.data.at, sum(checked.data.counts.values()), migrated, lost, _missing()
    )


def _check(wish: Wish) -> _Checked:
    safe = Safe.of(manifest.peek(wish.data), wish.passphrase)
    data = manifest.load(wish.data, DATA, safe)
    kept = None
    if wish.keys is not None:
        kept = manifest.load(wish.keys, KEYS, safe)
        if kept.backup_id != data.backup_id:
            raise Refused(
                "The two parts are of different backups: their keys and data don't belong together."
            )
        keys.check_master(safe.read(wish.keys / f"{SubjectKey._meta.db_table}.copy"))
    newer = _unknown(data.migrations)
    if newer:
        raise Refused(
            f"This backup was made by a newer version of Anxin (it knows {newer}).\n"
            "Check out that version, restore with it, then go on."
        )
    return _Checked(safe, data, kept, _tombstones(wish, data, safe))


def _unknown(migrations: dict[str, list[str]]) -> str:
    """The first migration that this code does not have; of apps it no longer has, none counts."""
    known = set(MigrationLoader(None).disk_migrations or ())
    ours = {app for app, _ in known}
    for app, names in migrations.items():
        for name in names:
            if app in ours and (app, name) not in known:
                return f"{app}.{name}"
    return ""


def _tombstones(wish: Wish, data: Manifest, safe: Safe) -> journal.Journal:
    place = tombstones.place()
    if wish.lost_journal and not place.exists():
        place.write_bytes(b"".join(safe.read(wish.data / JOURNAL)))
        place.chmod(0o600)
    try:
        found = journal.read(place)
    except journal.JournalBroken as problem:
        raise Damaged(f"{place}: {problem}.") from None
    if not found.holds(data.journal):
        raise Refused(
            f"The tombstone journal {place} does not reach line {data.journal.lines}, which this backup"
            " knows:\nit is missing, cut off, or another installation's. Whoever was erased since would"
            " come back.\nBring its newest copy. Only if none is left anywhere: --journal-lost takes the copy"
            " in the backup, and erasures since then are forgotten."
        )
    return found


def _ready(*, force: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        (others,) = cursor.fetchone()
    if others:
        raise Refused(f"The site is running ({others} connections). Stop web, worker, beat and relay first.")
    if snapshot.tables() and not force:
        raise Refused("This database is not empty. --force replaces it, with everything in it.")


def _data(wish: Wish, checked: _Checked) -> None:
    with connection.cursor() as cursor:
        cursor.execute(WIPE)
    with tempfile.TemporaryDirectory() as scratch:
        dump = Path(scratch) / DATABASE
        source = wish.data / DATABASE
        if checked.safe.key is not None:
            with dump.open("xb") as out:
                out.writelines(checked.safe.read(source))
            source = dump
        listed = Path(scratch) / "contents"
        listed.write_text(_contents(source))
        command = [str(programs.folder() / "pg_restore"), "--single-transaction", "--exit-on-error"]
        command += ["--no-owner", "--no-privileges", "--no-password", f"--use-list={listed}"]
        command += [f"--dbname={connection.settings_dict['NAME']}", str(source)]
        done = subprocess.run(
            command, env=programs.surroundings(), capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise Refused(f"The database is empty now; pg_restore failed:\n{done.stderr[-2000:]}")
    wrong = _differences(checked.data.counts, set(snapshot.key_tables()))
    if wrong:
        raise Damaged(f"Rows are missing after the restore: {wrong}. The site stays closed.")


def _contents(dump: Path) -> str:
    """The dump's table of contents without the schema itself, which is there."""
    command = [str(programs.folder() / "pg_restore"), "--list", str(dump)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode:
        raise Damaged(f"The dump can't be read: {said.stderr[-500:]}")
    unwanted = (" SCHEMA - public ", " COMMENT - ")
    return "".join(
        f"{line}\n" for line in said.stdout.splitlines() if not any(word in line for word in unwanted)
    )


def _differences(counts: dict[str, int], leave_out: set[str]) -> str:
    now = snapshot.counts()
    wrong = {t: (n, now.get(t)) for t, n in counts.items() if t not in leave_out and now.get(t) != n}
    return ", ".join(f"{table}: {were} before, {are} now" for table, (were, are) in wrong.items())


def _files(tar: Path, safe: Safe) -> None:
    """Unpack beside the old folder, then take its place."""
    root = Path(settings.FILES_ROOT)
    draft = root.with_name(f".{root.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    with programs.hearing(["tar", "--extract", "--file=-", f"--directory={draft}"]) as program:
        _pour(safe.read(tar), program)
    shutil.rmtree(root, ignore_errors=True)
    draft.rename(root)
    root.chmod(0o700)


def _pour(pieces: Iterable[bytes], target: object) -> None:
    for piece in pieces:
        target.write(piece)  # type: ignore[attr-defined]


def _keys(wish: Wish, checked: _Checked) -> None:
    if wish.keys is None or checked.keys is None:
        return
    for name in checked.keys.files:
        pieces = checked.safe.read(wish.keys / name)
        keys.copy_in(name.removesuffix(".copy"), pieces)


def _migrate(data: Manifest, roles: tuple[str, ...]) -> bool:
    call_command("migrate", interactive=False, verbosity=0)
    if roles != ("none",):
        call_command("grants", *(f"--role={role}" for role in roles))
    return snapshot.applied() != data.migrations


def _missing() -> int:
    """Stored files without their content: erased while the backup was taken, or lost."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT path FROM privacy_storedfile WHERE path <> ''")
        return sum(not (Path(settings.FILES_ROOT) / path).is_file() for (path,) in cursor.fetchall())

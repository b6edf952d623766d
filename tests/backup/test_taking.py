"""A backup is whole or not there, its two parts are kept apart, and damage is seen before anything moves."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from backup import keys as key_part
from backup import manifest, restoring, taking
from backup.files import Safe
from backup.refusals import Damaged, Refused
from privacy import keys
from privacy.models import Subject, SubjectKey
from privacy.subjects import create_subject

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.TOMBSTONES_FILE = tmp_path / "tombstones.jsonl"
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    (settings.FILES_ROOT / "one").write_bytes(b"sealed content")
    yield tmp_path


@pytest.fixture
def subject() -> Subject:
    return create_subject(locale="en", at=AT)


def _take(at: Path, passphrase: Path | None = None) -> taking.Taken:
    return taking.take(taking.Wish(at / "data", at / "keys", passphrase), at=AT)


def _words(places: Path, text: str = "seven green kettles sing") -> Path:
    path = places / "passphrase"
    path.write_text(text + "\n")
    return path


def _check(folder: Path, passphrase: Path | None = None) -> None:
    restoring._check(restoring.Wish(folder / "data", folder / "keys", passphrase))


class TestTaking:
    def test_the_wrapped_key_is_in_the_key_part_only(self, places: Path, subject: Subject) -> None:
        taken = _take(places / "b")
        wrapped = bytes(SubjectKey.objects.filter(subject=subject)[0].wrapped)
        held = {path.name: path.read_bytes() for path in (places / "b").rglob("*") if path.is_file()}
        assert wrapped.hex().encode() in held["privacy_subjectkey.copy"]
        assert not [name for name, said in held.items() if wrapped in said or b"master-key" in said]
        assert taken.rows > 0 and taken.key_bytes > 0
        _check(places / "b")

    def test_two_parts_may_go_to_two_places(self, places: Path, subject: Subject) -> None:
        taking.take(taking.Wish(places / "tape" / "d", places / "stick" / "k"), at=AT)
        assert (places / "tape" / "d" / "database.dump").is_file()
        assert manifest.peek(places / "stick" / "k") == manifest.peek(places / "tape" / "d")

    def test_nothing_is_overwritten(self, places: Path) -> None:
        (places / "b" / "keys").mkdir(parents=True)
        (places / "b" / "keys" / "letter").write_text("mine")
        with pytest.raises(Refused, match="not empty"):
            _take(places / "b")
        assert not (places / "b" / "data").exists()

    def test_a_disk_without_room_is_refused_first(
        self, places: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(taking.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 9))
        with pytest.raises(Refused, match="not enough room"):
            _take(places / "b")
        assert {path.name for path in places.iterdir()} == {"files", "backup.lock"}

    def test_a_disk_that_becomes_full_leaves_nothing_behind(
        self, places: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Safe, "write", full)
        with pytest.raises(Refused, match="became full"):
            _take(places / "b")
        assert not list((places / "b").iterdir())

    def test_one_at_a_time_and_none_over_a_broken_restore(self, places: Path) -> None:
        with taking.alone(), pytest.raises(Refused, match="Another backup"):
            _take(places / "b")
        (places / "restoring.json").write_text("{}")
        with pytest.raises(Refused, match="did not end"):
            _take(places / "b")


class TestSealed:
    def test_it_opens_under_its_passphrase_only(self, places: Path, subject: Subject) -> None:
        words = _words(places)
        _take(places / "b", words)
        _check(places / "b", words)
        held = b"".join(path.read_bytes() for path in (places / "b").rglob("*") if path.is_file())
        assert b"PGDMP" not in held and str(subject.pk).encode() not in held
        with pytest.raises(Refused, match="is sealed"):
            _check(places / "b")
        with pytest.raises(Damaged):
            _check(places / "b", _words(places, "another sentence of words"))

    def test_a_short_passphrase_is_none(self, places: Path) -> None:
        with pytest.raises(Refused, match="at least 16"):
            _take(places / "b", _words(places, "secret"))

    def test_one_that_was_swapped_for_a_plain_one_is_refused(self, places: Path) -> None:
        _take(places / "b")
        with pytest.raises(Refused, match="swapped"):
            _check(places / "b", _words(places))


class TestDamage:
    @pytest.mark.parametrize("name", ["data/database.dump", "data/files.tar", "keys/privacy_subjectkey.copy"])
    @pytest.mark.parametrize("harm", ["change", "cut", "remove"])
    def test_a_harmed_file_is_refused(self, places: Path, subject: Subject, name: str, harm: str) -> None:
        _take(places / "b")
        path = places / "b" / name
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content) if harm == "change" else bytes(content[:-1]))
        if harm == "remove":
            path.unlink()
        with pytest.raises(Damaged):
            _check(places / "b")

    def test_a_changed_manifest_is_refused(self, places: Path) -> None:
        _take(places / "b")
        path = places / "b" / "data" / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"leaves": 7}))
        with pytest.raises(Damaged, match="was changed"):
            _check(places / "b")

    def test_parts_of_two_backups_and_other_folders_are_refused(self, places: Path) -> None:
        _take(places / "one")
        _take(places / "two")
        with pytest.raises(Refused, match="different backups"):
            restoring._check(restoring.Wish(places / "one" / "data", places / "two" / "keys"))
        with pytest.raises(Refused, match="it has no manifest"):
            _check(places / "files")
        with pytest.raises(Refused, match="no “data” part"):
            restoring._check(restoring.Wish(places / "one" / "keys", None))

    def test_a_newer_schema_is_refused_by_name(self, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = restoring.snapshot.applied()
        later = real | {"orders": [*real["orders"], "9999_from_tomorrow"]}
        monkeypatch.setattr(taking.snapshot, "applied", lambda: later)
        _take(places / "b")
        with pytest.raises(Refused, match=r"newer version of Anxin .it knows orders.9999_from_tomorrow"):
            _check(places / "b")

    def test_another_installations_master_key_is_refused(
        self, places: Path, subject: Subject, settings: object
    ) -> None:
        _take(places / "b")
        settings.MASTER_KEY_FILE = places / "other.json"
        with pytest.raises(Refused, match="master key does not open"):
            _check(places / "b")

    def test_a_journal_that_was_cut_off_is_refused(self, places: Path) -> None:
        _take(places / "b")
        journal = places / "tombstones.jsonl"
        journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
        with pytest.raises(Refused, match="cut off"):
            _check(places / "b")
        journal.unlink()
        with pytest.raises(Refused, match="does not reach"):
            _check(places / "b")


class TestKeysPutBack:
    def test_they_open_again_also_beside_an_erased_subject_and_its_kept_key(self, subject: Subject) -> None:
        erased = create_subject(locale="en", at=AT)
        later = AT + timedelta(days=900)
        keys.make_kept(subject_id=erased.pk, rule_id="cn.trade.retention", destroy_after=later, at=AT)
        keys.destroy(subject_id=erased.pk, at=AT)
        Subject.objects.filter(pk=erased.pk).update(erased_at=AT)
        out = BytesIO()
        columns = taking.snapshot.copy_out("privacy_subjectkey", out)
        before = SubjectKey.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE privacy_subjectkey")
        key_part.copy_in("privacy_subjectkey", ["\t".join(columns).encode() + b"\n", out.getvalue()])
        keys.forget_all()
        assert SubjectKey.objects.count() == before
        assert keys.current(subject.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            SubjectKey.objects.filter(subject=erased).delete()

    def test_a_part_that_ends_in_the_middle_loads_nothing(self) -> None:
        with pytest.raises(Damaged, match="cut off"):
            key_part.copy_in("privacy_subjectkey", [b"id\tsubject_id\n", b"half"])
        with pytest.raises(Damaged, match="does not fit"):
            key_part.copy_in("privacy_subjectkey", [b"id\tsubject_id\n", b"one\n"])

"""Tombstones: laid with an erasure, kept outside the database, replayed over a restored one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kernel.actor import Actor
from privacy import journal, keys, restored, tombstones
from privacy.models import Restoration, Subject, Tombstone
from privacy.subjects import create_subject

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def path(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.TOMBSTONES_FILE = tmp_path / "tombstones.jsonl"
    yield tmp_path / "tombstones.jsonl"


def _forget(*, subject_id: UUID, at: datetime) -> None:
    keys.destroy(subject_id=subject_id, at=at)


class TestTheJournal:
    def test_an_absent_one_is_empty(self, path: Path) -> None:
        assert journal.read(path) == journal.Journal(journal.Head(0, journal.NOTHING), (), {}, {}, 0)

    def test_it_gives_back_who_was_erased_and_when(self, path: Path) -> None:
        one, two = uuid4(), uuid4()
        journal.append(path, journal.ERASING, at=AT, subject=str(one))
        journal.append(path, journal.ERASING, at=AT, subject=str(two))
        head = journal.append(path, journal.ERASED, at=AT, subject=str(one))
        found = journal.read(path)
        assert (found.erased, found.unfinished, found.head) == ({one: AT}, {two: AT}, head)
        assert found.head.lines == 4
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("harm", ["drop", "swap", "change", "forge"])
    def test_harm_in_the_middle_is_noticed(self, path: Path, harm: str) -> None:
        for _ in range(4):
            journal.append(path, journal.ERASED, at=AT, subject=str(uuid4()))
        lines = path.read_text().splitlines()
        if harm == "drop":
            del lines[2]
        elif harm == "swap":
            lines[1], lines[2] = lines[2], lines[1]
        else:
            fact = json.loads(lines[2]) | {"subject": str(uuid4())}
            if harm == "forge":
                fact["digest"] = journal._digest(fact)
            lines[2] = json.dumps(fact, sort_keys=True)
        path.write_text("\n".join(lines) + "\n")
        with pytest.raises(journal.JournalBroken):
            journal.read(path)

    def test_one_cut_off_or_anothers_does_not_go_on_from_a_head(self, path: Path) -> None:
        journal.append(path, journal.ERASED, at=AT, subject=str(uuid4()))
        head = journal.append(path, journal.ERASED, at=AT, subject=str(uuid4()))
        assert journal.read(path).holds(head)
        path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
        assert not journal.read(path).holds(head)
        other = path.with_name("other.jsonl")
        for _ in range(3):
            journal.append(other, journal.ERASED, at=AT, subject=str(uuid4()))
        assert not journal.read(other).holds(head)

    def test_a_torn_last_line_was_never_said(self, path: Path) -> None:
        one = uuid4()
        journal.append(path, journal.ERASED, at=AT, subject=str(one))
        with path.open("ab") as file:
            file.write(b'{"n": 3, "kind": "era')
        assert journal.read(path).erased == {one: AT}
        journal.append(path, journal.ERASED, at=AT, subject=str(uuid4()))
        assert len(journal.read(path).erased) == 2


@pytest.mark.django_db
class TestLaying:
    def test_the_line_stands_before_the_commit_and_is_finished_after_it(
        self, path: Path, django_capture_on_commit_callbacks: object
    ) -> None:
        subject = create_subject(locale="en", at=AT)
        with django_capture_on_commit_callbacks(execute=True):
            tombstones.lay(subject_id=subject.pk, at=AT)
            assert journal.read(path).unfinished == {subject.pk: AT}
        assert journal.read(path).erased == {subject.pk: AT}
        assert Tombstone.objects.get().subject_id == subject.pk

    def test_nothing_is_erased_when_the_journal_cannot_be_written(self, settings: object) -> None:
        settings.TOMBSTONES_FILE = Path("/proc/anxin/tombstones.jsonl")
        with pytest.raises(OSError):
            tombstones.lay(subject_id=uuid4(), at=AT)
        assert not Tombstone.objects.exists()

    def test_a_process_that_died_after_the_commit_is_made_good(self, path: Path) -> None:
        tombstones.lay(subject_id=uuid4(), at=AT)
        assert not journal.read(path).erased
        assert (tombstones.settle(), tombstones.settle()) == (1, 0)
        assert len(journal.read(path).erased) == 1

    def test_a_tombstone_can_neither_be_moved_nor_removed(self) -> None:
        tombstones.lay(subject_id=uuid4(), at=AT)
        for attack in ("DELETE FROM privacy_tombstone", "UPDATE privacy_tombstone SET subject_id = id"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)


@pytest.mark.django_db
class TestAnOldDatabase:
    def test_it_is_not_served_until_its_tombstones_were_replayed(
        self, path: Path, settings: object, django_capture_on_commit_callbacks: object
    ) -> None:
        subject, other = create_subject(locale="en", at=AT), create_subject(locale="en", at=AT)
        journal.append(path, journal.ERASED, at=AT, subject=str(subject.pk))
        settings.CHECK_SERVING = True
        assert restored.why_not() == restored.BEHIND
        assert Client().get("/").status_code == 503
        assert Client().get("/healthz").status_code != 503
        with django_capture_on_commit_callbacks(execute=True):
            assert tombstones.replay(forget=_forget) == 1
        assert restored.why_not() == ""
        assert Client().get("/").status_code == 200
        keys.forget_all()
        with pytest.raises(keys.KeyDestroyed):
            keys.current(subject.pk)
        assert keys.current(other.pk)
        assert Subject.objects.get(pk=subject.pk).erased_at == AT
        assert tombstones.replay(forget=_forget) == 0

    def test_who_was_being_erased_is_erased(self, path: Path) -> None:
        subject = create_subject(locale="en", at=AT)
        journal.append(path, journal.ERASING, at=AT, subject=str(subject.pk))
        assert restored.why_not() == ""
        assert tombstones.replay(forget=_forget) == 1
        assert not subject.keys.filter(wrapped__isnull=False).exists()

    def test_a_subject_younger_than_the_backup_is_only_noted(self, path: Path) -> None:
        journal.append(path, journal.ERASED, at=AT, subject=str(uuid4()))
        assert tombstones.replay(forget=_forget) == 1
        assert restored.why_not() == ""

    def test_a_broken_journal_stops_it(self, path: Path) -> None:
        path.write_text("{}\n")
        assert restored.why_not() == restored.BROKEN

    def test_a_restore_under_way_stops_it(self, path: Path) -> None:
        restored.marker().write_text("{}")
        assert restored.why_not() == restored.RESTORING


@pytest.mark.django_db
class TestTheStepsAfter:
    def test_serving_comes_first_then_letters_and_books(self) -> None:
        made = restored.note(backup_id="b", taken_at=AT, keys_missing=False, leaves_lost=0, at=AT)
        assert (restored.why_not(), restored.payouts_frozen()) == (restored.AWAITING, True)
        by = Actor.staff(uuid4())
        with pytest.raises(restored.NothingToDecide):
            restored.open_books(restoration_id=made.pk, compared_with="x", offences=0, actor=by, at=AT)
        restored.finish(tombstones_replayed=0, at=AT)
        assert (restored.why_not(), restored.letters_held_until()) == ("", AT)
        with pytest.raises(restored.BooksWrong):
            restored.open_books(restoration_id=made.pk, compared_with="x", offences=2, actor=by, at=AT)
        restored.open_books(restoration_id=made.pk, compared_with="statement", offences=0, actor=by, at=AT)
        restored.decide_letters(restoration_id=made.pk, send=True, actor=by, at=AT)
        assert (restored.letters_held_until(), restored.payouts_frozen()) == (None, False)

    @pytest.mark.parametrize(
        "change", ["books_at = now()", "books_at = now(), books_compared_with = 'x'", "letters_at = now()"]
    )
    def test_no_step_is_skipped_by_sql(self, change: str) -> None:
        restored.note(backup_id="b", taken_at=AT, keys_missing=False, leaves_lost=0, at=AT)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE privacy_restoration SET {change}")
        assert Restoration.objects.get().books_at is None

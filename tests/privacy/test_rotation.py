"""Rotation by itself: what it renews, leaves and refuses; beside other processes: test_rotating_live."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from kernel.ids import new_id
from privacy import commitments, evacuating, files, keys, master, rewrapping
from privacy.master_file import KeyFile, create
from privacy.models import KeyRotation, RetiredMaster, StoredFile, Subject, SubjectKey
from privacy.rotation import Pace, RotationRefused, rotate
from tests.privacy.rotating import AT, a_real_file, live_versions, people, read_all

pytestmark = pytest.mark.django_db
PACE = Pace(batch=2, settle=0)


@pytest.fixture(autouse=True)
def own_master(settings, tmp_path):
    """A key file that this test may rotate."""
    create(tmp_path / "key.json")
    settings.MASTER_KEY_FILE = tmp_path / "key.json"
    keys.forget_all()
    yield tmp_path / "key.json"
    keys.forget_all()


def run(subject_id=None, *, with_master=False, with_data=True, at=AT + timedelta(days=1)):
    return rotate(
        subject_id=subject_id, with_master=with_master, with_data=with_data, pace=PACE, at=at, tell=print
    )


class TestDataKeys:
    def test_everything_opens_under_new_keys_and_the_old_are_destroyed(self):
        subjects, words = people(5)
        report = run()
        assert report.new_keys >= 5 and report.tally.cells >= 10 and not report.keys_left
        assert report.keys_destroyed == report.new_keys
        assert [live_versions(one) for one in subjects] == [[3]] * 5
        keys.forget_all()
        assert read_all(words) == words

    def test_one_subject_s_alone(self):
        subjects, words = people(2)
        report = run(subjects[0])
        assert (report.new_keys, report.tally.cells, report.keys_destroyed) == (1, 2, 1)
        assert [live_versions(one) for one in subjects] == [[3], [1]]
        assert read_all(words) == words

    def test_proofs_keep_their_salt_and_the_erased_stay_erased(self):
        (one, erased), _ = people(2, cells=1)
        reference = new_id()
        before = commitments.salt(subject_id=one, label="t", reference=reference)
        keys.destroy(subject_id=erased, at=AT)
        Subject.objects.filter(pk=erased).update(erased_at=AT)
        run()
        assert commitments.salt(subject_id=one, label="t", reference=reference) == before
        assert live_versions(erased) == []
        assert SubjectKey.objects.filter(subject=erased).count() == 2

    def test_kept_keys_don_t_rotate(self):
        (one,), _ = people(1)
        version = keys.make_kept(
            subject_id=one, rule_id="cn.trade.retention", destroy_after=AT + timedelta(days=999), at=AT
        )
        run()
        assert SubjectKey.objects.get(subject_id=one, version=version).wrapped is not None

    def test_a_cell_that_opens_under_no_key_keeps_its_key_and_is_named(self):
        (one,), words = people(1, cells=2)
        broken = next(iter(words))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE privacy_storedfile SET name = set_byte(name, 40, get_byte(name, 40) # 1)"
                " WHERE id = %s",
                [broken],
            )
        report = run()
        assert report.tally.unreadable == {f"privacy.StoredFile {broken}"}
        assert report.keys_left == 1 and live_versions(one) == [1, 3]

    def test_a_row_that_may_not_change_doesn_t_hold_up_the_others(self):
        (one,), words = people(1, cells=3)
        frozen = next(iter(words))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'frozen'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER frozen BEFORE UPDATE ON privacy_storedfile FOR EACH ROW"
                f" WHEN (OLD.id = '{frozen}') EXECUTE FUNCTION pg_temp.no()"
            )
        report = run()
        assert report.tally.unreadable == {f"privacy.StoredFile {frozen}"}
        assert live_versions(one) == [1, 3] and read_all(words) == words


class TestFiles:
    def test_both_copies_move_and_the_old_ones_go(self, django_capture_on_commit_callbacks):
        (one,), _ = people(1, cells=0)
        stored = a_real_file(one)
        before = stored.path
        with django_capture_on_commit_callbacks(execute=True):
            report = run(one)
        stored.refresh_from_db()
        assert (report.tally.files, stored.key_version, live_versions(one)) == (1, 3, [3])
        assert stored.path != before and not default_storage.exists(before)
        assert b"".join(files.open_sealed(stored, stored.path)) == b"%PDF-1.7 lease"

    def test_an_older_row_without_its_version_is_looked_into(self):
        (one,), _ = people(1, cells=0)
        stored = a_real_file(one)
        StoredFile.objects.filter(pk=stored.pk).update(key_version=None)
        assert run(one).keys_destroyed == 1
        stored.refresh_from_db()
        assert stored.key_version == 3

    def test_a_file_that_is_lost_keeps_its_key(self):
        (one,), _ = people(1, cells=0)
        stored = a_real_file(one)
        default_storage.delete(stored.path)
        report = run(one)
        assert report.tally.unreadable == {f"privacy.StoredFile {stored.pk} file"}
        assert live_versions(one) == [1, 3]

    def test_copies_that_a_killed_run_left_are_swept(self):
        (one,), _ = people(1, cells=0)
        stored = a_real_file(one)
        # This test's transaction never commits, and so the copy isn't removed with it.
        assert run(one).files_removed == 1 and not default_storage.exists(stored.path)
        stored.refresh_from_db()
        assert default_storage.exists(stored.path)


class TestMaster:
    def test_all_keys_are_wrapped_anew_and_the_old_master_can_go(self, own_master):
        _, words = people(3)
        report = run(with_master=True, with_data=False)
        assert report.master_version == 2 and report.rewrapped >= 6
        assert not SubjectKey.objects.filter(wrapped__isnull=False).exclude(master_version=2).exists()
        assert rewrapping.retire(at=AT, tell=print) == [1]
        assert KeyFile(own_master).versions() == [2]
        keys.forget_all()
        assert read_all(words) == words

    def test_a_master_key_that_still_wraps_is_not_retired(self, own_master):
        people(1)
        service = KeyFile(own_master)
        service.add()
        service.promote()
        assert rewrapping.retire(at=AT, tell=print) == []
        assert service.versions() == [1, 2] and not RetiredMaster.objects.exists()

    def test_a_slow_process_wraps_nothing_under_a_retired_one(self, own_master):
        slow = master.wrap([(b"k" * 32, b"context")])[0]
        run(with_master=True, with_data=False)
        rewrapping.retire(at=AT, tell=print)
        (one,), _ = people(1)
        with pytest.raises(IntegrityError, match="master key is retired"), transaction.atomic():
            SubjectKey.objects.create(
                subject_id=one, version=9, master_version=1, wrapped=slow.wrapped, created_at=AT
            )


class TestOneAtATime:
    def test_a_rotation_that_was_cut_off_goes_on_without_a_second_set_of_keys(self, monkeypatch):
        subjects, words = people(3)
        monkeypatch.setattr(evacuating, "evacuate_cells", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run()
        monkeypatch.undo()
        report = run(at=AT + timedelta(days=2))
        assert report.resumed and report.new_keys == 0
        assert [live_versions(one) for one in subjects] == [[3]] * 3
        assert read_all(words) == words

    def test_another_aim_is_refused_with_the_words_that_finish_the_first(self):
        (one,), _ = people(1)
        KeyRotation.objects.create(subject_id=one, master=False, data=True, started_at=AT)
        with pytest.raises(RotationRefused, match=f"rotate --subject {one}"):
            run()

    def test_the_database_takes_no_second_open_one(self):
        KeyRotation.objects.create(master=False, data=True, started_at=AT)
        with pytest.raises(IntegrityError, match="privacy_one_rotation_is_open"), transaction.atomic():
            KeyRotation.objects.create(master=True, data=True, started_at=AT)

    def test_a_rotation_of_nothing(self):
        with pytest.raises(DatabaseError, match="privacy_rotation_has_aim"), transaction.atomic():
            KeyRotation.objects.create(master=False, data=False, started_at=AT)

    def test_an_unknown_subject_is_one_line_and_exit_code_2(self):
        with pytest.raises(CommandError, match="there is no subject") as refused:
            call_command("privacy", "rotate", "--subject", str(new_id()))
        assert refused.value.returncode == 2

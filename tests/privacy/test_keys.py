"""Keys by their use: data keys rotate, the salt stays, kept keys open for a purpose, destroyed ones never."""

import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kernel.actor import Actor
from kernel.ids import new_id
from privacy import commitments, keyring, keys, notices, sealing
from privacy.models import AccessRecord, KeyUse, StoredFile, SubjectKey
from privacy.resealing import reseal, sealed_columns
from privacy.subjects import create_subject
from tests.privacy.test_sealing_and_fields import a_file

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATER = datetime(2029, 11, 21, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    return create_subject(locale="zh-hans", at=AT)


def version_of(stored):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privacy_sealed_version(name) FROM privacy_storedfile WHERE id = %s", [stored.pk]
        )
        return cursor.fetchone()[0]


@contextmanager
def refused(words, kind=DatabaseError):
    with pytest.raises(kind, match=words), transaction.atomic(), connection.cursor() as cursor:
        yield cursor


class TestDataKeys:
    def test_a_new_version_seals_from_then_on_and_the_old_one_still_opens(self, subject):
        old = a_file(subject, "old.pdf")
        version = keys.add_version(subject_id=subject.pk, at=AT)
        new = a_file(subject, "new.pdf")
        assert (version_of(old), version_of(new)) == (1, version)
        assert StoredFile.objects.get(pk=old.pk).name == "old.pdf"
        assert StoredFile.objects.get(pk=new.pk).name == "new.pdf"

    def test_versions_count_over_all_uses(self, subject):
        keys.make_kept(subject_id=subject.pk, rule_id="cn.trade.retention", destroy_after=LATER, at=AT)
        keys.add_version(subject_id=subject.pk, at=AT)
        assert list(
            SubjectKey.objects.filter(subject=subject).order_by("version").values_list("version", "use")
        ) == [(1, "data"), (2, "salt"), (3, "kept"), (4, "data")]

    def test_the_erased_get_no_new_key(self, subject):
        keys.destroy(subject_id=subject.pk, at=AT)
        with pytest.raises(keys.KeyDestroyed):
            keys.add_version(subject_id=subject.pk, at=AT)


class TestSalt:
    def test_no_salt_moves_when_the_data_key_rotates(self, subject):
        reference = new_id()

        def leaf():
            return commitments.commit(subject_id=subject.pk, label="t", reference=reference, payload={"a": 1})

        before = leaf()
        keys.add_version(subject_id=subject.pk, at=AT)
        SubjectKey.objects.filter(subject=subject, version=1).update(wrapped=None, destroyed_at=AT)
        keys.forget_all()
        assert leaf() == before

    def test_an_older_subject_keeps_the_salts_it_had(self, subject):
        """Before salt keys the data key itself salted."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE privacy_subjectkey DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM privacy_subjectkey WHERE use = 'salt'")
            cursor.execute("ALTER TABLE privacy_subjectkey ENABLE TRIGGER USER")
        keys.forget_all()
        first = keys.of_version(subject.pk, 1)
        keys.add_version(subject_id=subject.pk, at=AT)
        assert keys.salt_key(subject.pk) == first
        assert SubjectKey.objects.filter(subject=subject, use=KeyUse.SALT).count() == 1

    def test_it_dies_with_the_subject(self, subject):
        keys.destroy(subject_id=subject.pk, at=AT)
        with pytest.raises(keys.KeyDestroyed):
            commitments.salt(subject_id=subject.pk, label="t", reference=new_id())


class TestKeptKeys:
    def kept(self, subject):
        stored = a_file(subject, "invoice.pdf")
        version = keys.make_kept(
            subject_id=subject.pk, rule_id="cn.trade.retention", destroy_after=LATER, at=AT
        )
        assert reseal(stored, ["name"], to_version=version)
        keys.destroy(subject_id=subject.pk, at=AT)
        return StoredFile.objects.get(pk=stored.pk), version

    def test_it_opens_for_a_purpose_and_leaves_a_line(self, subject):
        stored, _ = self.kept(subject)
        with pytest.raises(keys.KeyRestricted):
            _ = stored.name
        actor = Actor.system()
        with keys.opening_kept(actor=actor, subject_id=subject.pk, purpose="court order", at=AT):
            assert stored.name == "invoice.pdf"
        assert AccessRecord.objects.get().purpose == "court order"
        with pytest.raises(keys.KeyRestricted):
            _ = StoredFile.objects.get(pk=stored.pk).name

    def test_at_its_end_it_goes_too(self, subject):
        stored, version = self.kept(subject)
        keys.destroy_kept(subject_id=subject.pk, version=version, at=LATER)
        with (
            keys.opening_kept(actor=Actor.system(), subject_id=subject.pk, purpose="court", at=LATER),
            pytest.raises(keys.KeyDestroyed),
        ):
            _ = stored.name


class TestResealing:
    def test_somebody_else_s_newer_words_win(self, subject):
        stale = a_file(subject, "old.pdf")
        version = keys.add_version(subject_id=subject.pk, at=AT)
        newer = StoredFile.objects.get(pk=stale.pk)
        newer.name = "new.pdf"
        newer.save()
        assert not reseal(stale, ["name"], to_version=version)
        assert StoredFile.objects.get(pk=stale.pk).name == "new.pdf"

    def test_every_sealed_column_is_known(self):
        found = {f"{model._meta.label}.{each.name}" for model, each in sealed_columns()}
        assert {"orders.Order.address", "credit.Review.text", "privacy.StoredFile.name"} <= found


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE privacy_subjectkey SET wrapped = '\\x00', destroyed_at = NULL WHERE version = 1",
            "UPDATE privacy_subjectkey SET version = 9 WHERE version = 1",
            "UPDATE privacy_subjectkey SET use = 'kept' WHERE version = 2",
            "DELETE FROM privacy_subjectkey",
        ],
    )
    def test_a_key_that_comes_back_or_changes_hands(self, subject, attack):
        keys.destroy(subject_id=subject.pk, at=AT)
        with refused("privacy:") as cursor:
            cursor.execute(attack)

    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ("'salt', '', NULL, NULL", "privacy_one_salt_per_subject"),
            ("'some', '', NULL, NULL", "privacy_key_use_is_known"),
            ("'kept', '', NULL, NULL", "privacy_a_kept_key_names_its_rule_and_end"),
            ("'data', 'cn.trade.retention', now(), NULL", "privacy_a_kept_key_names_its_rule_and_end"),
            ("'kept', 'cn.trade.retention', now(), now()", "privacy_only_data_keys_close"),
        ],
    )
    def test_an_impossible_key(self, subject, values, constraint):
        with refused(constraint, IntegrityError) as cursor:
            cursor.execute(
                "INSERT INTO privacy_subjectkey (id, subject_id, version, master_version, wrapped,"
                " created_at, use, keep_rule_id, destroy_after, closed_at)"
                f" VALUES (gen_random_uuid(), %s, 77, 1, '\\x00', now(), {values})",
                [subject.pk],
            )

    @pytest.mark.parametrize("end", ["closed_at = now()", "wrapped = NULL, destroyed_at = now()"])
    def test_a_cell_under_a_key_that_is_closed_or_gone(self, subject, end):
        """A process that slept with an old key in its memory loses its statement, not its words."""
        other = a_file(subject, "later.pdf")
        sealed = StoredFile(
            subject_id=subject.pk, purpose="t", media_type="t", size=1, sha256="", path="x", received_at=AT
        )
        sealed.name = "slow.pdf"
        sealed._meta.get_field("name").pre_save(sealed, True)
        keys.add_version(subject_id=subject.pk, at=AT)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE privacy_subjectkey SET {end} WHERE version = 1")
        with pytest.raises(IntegrityError, match="sealed under this key"), transaction.atomic():
            sealed.save(force_insert=True)
        other.size = 2
        other.save()

    @pytest.mark.parametrize("raw", [b"plain words", b"\x02" + bytes(60), b"\x01\x00\x63" + bytes(60)])
    def test_bytes_that_were_never_sealed(self, subject, raw):
        stored = a_file(subject)
        with refused("privacy:", IntegrityError) as cursor:
            cursor.execute("UPDATE privacy_storedfile SET name = %s WHERE id = %s", [raw, stored.pk])
        assert sealing.key_version_of(StoredFile.objects.get(pk=stored.pk).__dict__["name"]) == 1


class TestCache:
    def test_no_key_lives_longer_than_five_minutes_even_without_a_notice(self, subject, monkeypatch):
        stored = a_file(subject)
        assert StoredFile.objects.get(pk=stored.pk).name == "发票.pdf"
        SubjectKey.objects.filter(subject=subject).update(wrapped=None, destroyed_at=AT)
        monkeypatch.setattr(notices, "arrived", lambda: False)
        assert StoredFile.objects.get(pk=stored.pk).name == "发票.pdf", "nobody told this process"
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 301)
        with pytest.raises(keys.KeyDestroyed):
            _ = StoredFile.objects.get(pk=stored.pk).name

    def test_a_notice_drops_what_is_held(self, subject):
        stored = a_file(subject)
        keyring.of_version(subject.pk, 1)
        notices.look_again()
        assert not notices.arrived()
        SubjectKey.objects.filter(subject=subject).update(wrapped=None, destroyed_at=AT)
        notices.publish()
        notices.look_again()
        with pytest.raises(keys.KeyDestroyed):
            _ = StoredFile.objects.get(pk=stored.pk).name

    def test_in_a_broken_transaction_it_asks_nothing_and_goes_on(self, subject):
        stored = StoredFile.objects.get(pk=a_file(subject).pk)
        keyring.preload([subject.pk])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute("SELECT 1/0")
            finally:
                notices.look_again()
                assert stored.name == "发票.pdf", "an error page may still say to whom it speaks"

    def test_who_sees_no_keys_leaves_no_trace_for_the_next(self, subject, monkeypatch):
        """The shop's role sees no keys of strangers; that isn't remembered as erasure."""
        keys.forget_all()
        with monkeypatch.context() as patched:
            patched.setattr(keyring, "_rows", lambda subject_ids: [])
            with pytest.raises(keys.KeyDestroyed):
                keys.current(subject.pk)
        assert keys.current(subject.pk)[0] == 1

    def test_nothing_of_a_key_shows_when_printed(self, subject):
        _, secret = keys.current(subject.pk)
        told = repr(keyring._rings) + repr(SubjectKey.objects.get(subject=subject, version=1).__dict__)
        told += repr(sealing._derived(secret)) + repr(a_file(subject).__dict__)
        assert repr(secret) not in told and secret.hex() not in told

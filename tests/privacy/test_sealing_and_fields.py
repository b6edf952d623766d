"""Sealed values open in their own place only; keys die with their subject."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from kernel.ids import new_id
from privacy import commitments, keys, sealing
from privacy.models import StoredFile, SubjectKey
from privacy.subjects import create_subject

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
KEY, OTHER = b"k" * 32, b"o" * 32


class TestSealing:
    def test_there_and_back(self):
        sealed = sealing.seal("𠮷野家".encode(), key=KEY, key_version=3, context=b"a")
        assert sealing.key_version_of(sealed) == 3
        assert sealing.unseal(sealed, key=KEY, context=b"a").decode() == "𠮷野家"

    def test_twice_the_same_text_looks_different(self):
        assert sealing.seal(b"x", key=KEY, key_version=1, context=b"") != sealing.seal(
            b"x", key=KEY, key_version=1, context=b""
        )

    @pytest.mark.parametrize(("key", "context"), [(OTHER, b"a"), (KEY, b"b")])
    def test_another_key_or_place_is_refused(self, key, context):
        sealed = sealing.seal(b"x", key=KEY, key_version=1, context=b"a")
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(sealed, key=key, context=context)

    def test_every_single_changed_byte_is_refused(self):
        sealed = sealing.seal(b"secret", key=KEY, key_version=1, context=b"a")
        for i in range(len(sealed)):
            changed = sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :]
            with pytest.raises(sealing.SealBroken):
                sealing.unseal(changed, key=KEY, context=b"a")


def a_file(subject, name="发票.pdf", path="x"):
    stored = StoredFile(
        subject_id=subject.pk,
        purpose="t",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        path=path,
        received_at=AT,
    )
    stored.name = name
    stored.save()
    return StoredFile.objects.get(pk=stored.pk)


@pytest.mark.django_db
class TestEncryptedField:
    def test_the_column_holds_no_plain_text(self):
        stored = a_file(create_subject(locale="zh-hans", at=AT))
        assert stored.name == "发票.pdf"
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM privacy_storedfile")
            raw = bytes(cursor.fetchone()[0])
        assert "发票".encode() not in raw

    def test_saving_again_keeps_the_text(self):
        stored = a_file(create_subject(locale="zh-hans", at=AT))
        stored.save()
        stored.refresh_from_db()
        assert stored.name == "发票.pdf"
        stored.name = "新.pdf"
        stored.save(update_fields=["name"])
        assert StoredFile.objects.get(pk=stored.pk).name == "新.pdf"

    def test_swapped_between_rows_it_is_refused(self):
        subject = create_subject(locale="zh-hans", at=AT)
        one, two = a_file(subject, "a.pdf"), a_file(subject, "b.pdf")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE privacy_storedfile SET name = (SELECT name FROM privacy_storedfile WHERE id = %s)"
                " WHERE id = %s",
                [one.pk, two.pk],
            )
        with pytest.raises(sealing.SealBroken):
            _ = StoredFile.objects.get(pk=two.pk).name

    def test_look_ups_and_updates_are_refused(self):
        a_file(create_subject(locale="zh-hans", at=AT))
        with pytest.raises(FieldError):
            StoredFile.objects.filter(name="发票.pdf").exists()
        with pytest.raises(TypeError), transaction.atomic():
            StoredFile.objects.update(name="x")
        assert "发票" not in repr(list(StoredFile.objects.values_list("name", flat=True)))

    def test_after_the_key_is_gone_nothing_opens(self):
        subject, other = create_subject(locale="zh-hans", at=AT), create_subject(locale="en", at=AT)
        stored, kept = a_file(subject), a_file(other, "kept.pdf")
        keys.destroy(subject_id=subject.pk, at=AT)
        with pytest.raises(keys.KeyDestroyed):
            _ = StoredFile.objects.get(pk=stored.pk).name
        assert StoredFile.objects.get(pk=kept.pk).name == "kept.pdf"
        assert not SubjectKey.objects.filter(subject=subject, wrapped__isnull=False).exists()

    def test_the_keys_of_a_page_are_one_query(self, django_assert_num_queries):
        files = [a_file(create_subject(locale="en", at=AT), f"{i}.pdf") for i in range(5)]
        keys.forget_all()
        rows = list(StoredFile.objects.filter(pk__in=[one.pk for one in files]).order_by("id"))
        with django_assert_num_queries(1):
            keys.preload([row.subject_id for row in rows])
            assert [row.name for row in rows] == [f"{i}.pdf" for i in range(5)]


@pytest.mark.django_db
class TestCommitments:
    def test_order_of_keys_does_not_matter_and_content_does(self):
        subject = create_subject(locale="en", at=AT)
        reference = new_id()

        def commit(payload, label="t"):
            return commitments.commit(
                subject_id=subject.pk, label=label, reference=reference, payload=payload
            )

        assert len(commit({"a": 1})) == 32
        assert commit({"a": 1, "b": [True, None]}) == commit({"b": [True, None], "a": 1})
        assert commit({"a": 1}) != commit({"a": "1"})
        assert commit({"a": 1}) != commit({"a": 1}, label="u")
        with pytest.raises(TypeError):
            commit({"a": 1.0})

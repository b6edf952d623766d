"""The file store: sealed on receipt, quarantined, examined, shown without its metadata."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kernel.actor import Actor
from outbox import relay
from privacy import file_sealing, files, sealing
from privacy.models import AccessRecord, FileState, StoredFile
from privacy.subjects import create_subject
from tests.builders.photos import claiming
from tests.privacy.pictures import a_jpeg

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def receive(db):
    subject = create_subject(locale="zh-hans", at=AT)

    def call(name, content):
        return files.receive(
            subject_id=subject.pk,
            upload=SimpleUploadedFile(name, content),
            purpose="test",
            actor=Actor.buyer(subject.pk),
            at=AT,
        )

    return call


def content(stored, actor=None):
    return files.content(
        file_id=stored.pk, purpose="look", actor=actor or Actor.buyer(stored.subject_id), at=AT
    )


class TestReceive:
    def test_what_lies_on_disk_is_sealed(self, receive):
        plain = a_jpeg()
        stored = receive("裂缝.jpg", plain)
        with default_storage.open(stored.path) as file:
            raw = file.read()
        assert b"GPSCANARY" not in raw
        assert plain[:10] not in raw
        assert b"".join(files.open_sealed(stored, stored.path)) == plain

    def test_nobody_sees_it_before_it_was_examined(self, receive):
        stored = receive("a.jpg", a_jpeg())
        with pytest.raises(files.FileNotReady):
            content(stored)

    def test_a_picture_is_shown_without_its_metadata(self, receive):
        stored = receive("a.jpg", a_jpeg())
        relay.drain_all()
        shown = content(stored)
        assert b"GPSCANARY" not in shown
        assert Image.open(io.BytesIO(shown)).size == (40, 30)

    @pytest.mark.parametrize(
        ("name", "data", "refusal"),
        [
            ("a.jpg", b"", files.FileEmpty),
            ("a.svg", b"<svg onload=alert(1)>", files.FileTypeRefused),
            ("a.jpg", b"<html><script>", files.FileTypeRefused),
            ("a.png", a_jpeg(), files.FileTypeRefused),
            ("a.exe", b"MZ" + b"\0" * 40, files.FileTypeRefused),
            ("a", a_jpeg(), files.FileTypeRefused),
            ("a.pdf.html", b"%PDF-1.4 x", files.FileTypeRefused),
        ],
    )
    def test_what_it_is_not_is_refused_and_nothing_kept(self, receive, name, data, refusal):
        with pytest.raises(refusal):
            receive(name, data)
        assert StoredFile.objects.count() == 0

    def test_above_the_limit_names_file_and_limit(self, receive, monkeypatch):
        monkeypatch.setattr(files, "LIMIT_BYTES", 1024 * 1024)
        with pytest.raises(files.FileTooLarge) as refusal:
            receive("big.jpg", a_jpeg() + b"\0" * (1024 * 1024))
        assert refusal.value.params["name"] == "big.jpg"


class TestExamine:
    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("a.jpg", b"\xff\xd8\xff" + b"\0" * 100, "not_a_picture"),
            ("a.jpg", a_jpeg() + b"<script>alert(1)</script>", "active_content"),
            ("a.pdf", b"%PDF-1.4 /JavaScript (app.alert)", "active_content"),
            ("a.pdf", b"%PDF-1.4 <ScRiPt>alert(1)</script>", "active_content"),
            ("a.png", claiming(10_000, 6_000).read(), "too_many_pixels"),
            ("a.png", claiming(60_000, 60_000).read(), "not_a_picture"),
        ],
        ids=["broken", "page behind it", "script in a PDF", "page in a PDF", "too large", "a bomb"],
    )
    def test_refuses_with_a_reason_and_never_shows_it(self, receive, name, data, code):
        stored = receive(name, data)
        relay.drain_all()
        stored.refresh_from_db()
        assert (stored.state, stored.refusal) == (FileState.REFUSED, code)
        with pytest.raises(files.FileNotReady):
            content(stored)

    def test_an_archive_behind_a_picture_is_not_shown(self, receive):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("payload.html", "hidden words")
        both = a_jpeg() + packed.getvalue()
        assert zipfile.is_zipfile(io.BytesIO(both))
        stored = receive("a.jpg", both)
        relay.drain_all()
        assert not zipfile.is_zipfile(io.BytesIO(content(stored)))


class TestContent:
    def test_a_stranger_leaves_a_line_and_the_owner_does_not(self, receive):
        stored = receive("a.pdf", b"%PDF-1.4 hello")
        relay.drain_all()
        assert content(stored) == b"%PDF-1.4 hello"
        assert AccessRecord.objects.count() == 0
        staff = create_subject(locale="en", at=AT)
        content(stored, Actor.staff(staff.pk))
        line = AccessRecord.objects.get()
        assert (line.subject_id, line.purpose, line.fields) == (
            stored.subject_id,
            "look",
            ["privacy.StoredFile.name", "privacy.StoredFile.shown_path"],
        )


class TestNames:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\票.jpg", "票.jpg"),
            ("a\u202egpj.exe", "agpj.exe"),
            ("\0", "file"),
            ("长" * 300, "长" * 120),
        ],
    )
    def test_are_made_safe(self, given, kept):
        assert files.safe_name(given) == kept


class TestPieces:
    KEY = b"k" * 32

    def seal(self, pieces):
        return b"".join(file_sealing.seal_pieces(pieces, file_id="f", key=self.KEY, key_version=1))

    def open(self, data, file_id="f"):
        return b"".join(file_sealing.open_pieces(io.BytesIO(data), file_id=file_id, key=self.KEY))

    @pytest.mark.parametrize("pieces", [[b""], [b"a"], [b"a", b"b"], [b"a", b"b", b"c"]])
    def test_there_and_back(self, pieces):
        assert self.open(self.seal(pieces)) == b"".join(pieces)

    def test_cut_swapped_added_or_moved_is_refused(self):
        sealed = self.seal([b"a", b"b"])
        half = len(sealed) // 2
        for broken in (
            sealed[:half],
            sealed[half:],
            sealed[half:] + sealed[:half],
            sealed + sealed[half:],
            sealed[:-1],
            b"",
        ):
            with pytest.raises(sealing.SealBroken):
                self.open(broken)
        with pytest.raises(sealing.SealBroken):
            self.open(sealed, file_id="g")

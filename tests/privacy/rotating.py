"""For tests of rotation: real processes on the test's own database, and something sealed to rotate."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kernel.actor import Actor
from privacy import files
from privacy.models import StoredFile, SubjectKey
from privacy.subjects import create_subject
from tests.privacy.test_sealing_and_fields import a_file

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def environment():
    """The test database's address for a process of its own."""
    own = connection.settings_dict
    url = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}


def start(*words, **options):
    """`manage privacy rotate …` as a process; its progress is read from stderr."""
    command = [sys.executable, "manage.py", "privacy", "rotate", "--json", *words]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def people(count, cells=2):
    """Subjects with sealed cells, as (subject ids, {row: its words})."""
    words, found = {}, []
    for number in range(count):
        subject = create_subject(locale="zh-hans", at=AT)
        found.append(subject.pk)
        for cell in range(cells):
            words[a_file(subject, f"{number}-{cell}.pdf").pk] = f"{number}-{cell}.pdf"
    # These rows name files that were never written.
    StoredFile.objects.filter(pk__in=words).update(path="", key_version=None)
    return found, words


def a_real_file(subject_id, content=b"%PDF-1.7 lease"):
    upload = SimpleUploadedFile("lease.pdf", content, "application/pdf")
    return files.receive(subject_id=subject_id, upload=upload, purpose="test", actor=Actor.system(), at=AT)


def live_versions(subject_id):
    return list(
        SubjectKey.objects.filter(subject_id=subject_id, use="data", destroyed_at__isnull=True)
        .order_by("version")
        .values_list("version", flat=True)
    )


def read_all(words):
    return {row.pk: row.name for row in StoredFile.objects.filter(pk__in=words)}

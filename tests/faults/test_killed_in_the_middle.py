"""A real process is killed in the middle of an erasure, or of a copy; what runs after it ends right."""

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from kernel.actor import Actor
from orders.models import Order
from privacy import copying, erasure, journal, keys, leftovers, requests, tombstones
from privacy.master_file import create
from privacy.models import Certificate, CopyState, PersonalCopy, Request, StoredFile, Subject, SubjectKey
from privacy.states import RequestKind, RequestState
from tests.builders.orders import LIN_WEI, an_order
from tests.builders.people import a_buyer
from tests.builders.requests import ASKED, a_request
from tests.privacy.rotating import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)

HANG = """
import time
from datetime import datetime
from uuid import UUID
def hang(*args, **named):
    print("in the middle", flush=True)
    time.sleep(600)
at = datetime.fromisoformat({at!r})
"""
ERASE = """
from kernel.actor import Actor
from privacy import erasure
erasure.erase(request_id=UUID({request!r}), actor=Actor.system(), at=at)
"""
# Where the process stands when it is killed: what it has done by then is in the comment.
ERASING = {
    # Some rows are blanked and re-sealed, the keys still live.
    "half the tables": """
from privacy.forgetting import Forgetting
done, before = [], Forgetting._shred
def some(self, label, entries):
    done.append(label)
    return hang() if len(done) == 20 else before(self, label, entries)
Forgetting._shred = some
""",
    # The certificate is signed and the keys are destroyed, nothing is committed.
    "keys destroyed": """
from privacy import tombstones
tombstones.lay = hang
""",
    # The journal says "erasing", the database knows nothing.
    "before the commit": """
from privacy import tombstones
tombstones.Tombstone.objects.get_or_create = hang
""",
}
COPYING = {
    "half the tables": """
from privacy import copy_parts
done, before = [], copy_parts.rows
def some(part, everybody):
    done.append(part)
    return hang() if len(done) == 60 else before(part, everybody)
copy_parts.rows = some
""",
    # The sealed bytes lie in the store, no row names them.
    "bytes without a row": """
from privacy import copying
copying._finish = hang
""",
}


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path, monkeypatch):
    """Keys, journal and files where the other process finds them."""
    places = {
        "ANXIN_MASTER_KEY_FILE": ("MASTER_KEY_FILE", tmp_path / "key.json"),
        "ANXIN_TOMBSTONES_FILE": ("TOMBSTONES_FILE", tmp_path / "tombstones.jsonl"),
    }
    for name, (setting, path) in places.items():
        monkeypatch.setenv(name, str(path))
        setattr(settings, setting, path)
    create(settings.MASTER_KEY_FILE)
    monkeypatch.setenv("ANXIN_DATA", str(tmp_path))
    disk = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": disk}
    keys.forget_all()
    yield
    keys.forget_all()


def killed(program, **told):
    """Run it as a process of its own, and kill that once it says that it is in the middle."""
    text = HANG.format(**told) + program.format(**told)
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", text]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    said = process.stdout.readline()
    assert said.strip() == "in the middle", said + process.communicate()[1]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    keys.forget_all()


@pytest.fixture
def buyer():
    return a_buyer("林未")


@pytest.mark.parametrize("moment", list(ERASING))
def test_an_erasure_is_whole_or_not_at_all(buyer, moment):
    request = a_request(buyer.subject_id, RequestKind.CLOSE)
    killed(ERASING[moment] + ERASE, request=str(request.pk), at=ASKED.isoformat())

    # Whoever looks now finds the person as before; Postgres needs a moment to see that its client is gone.
    _until_unlocked(request)
    assert Request.objects.get(pk=request.pk).state == RequestState.COOLING_OFF
    assert User.objects.get(subject_id=buyer.subject_id).display_name == "林未"
    assert not SubjectKey.objects.filter(subject_id=buyer.subject_id).exclude(destroyed_at=None).exists()
    assert not Certificate.objects.exists()
    began = moment == "before the commit"
    assert (buyer.subject_id in journal.read(tombstones.place()).unfinished) is began

    certificate = erasure.erase(request_id=request.pk, actor=Actor.system(), at=ASKED)
    keys.forget_all()
    assert Subject.objects.get(pk=buyer.subject_id).erased_at == ASKED
    assert not User.objects.filter(subject_id=buyer.subject_id).exists()
    assert not SubjectKey.objects.filter(subject_id=buyer.subject_id, destroyed_at=None).exists()
    assert Request.objects.get(pk=request.pk).state == RequestState.ANSWERED
    assert Certificate.objects.get() == certificate
    book = journal.read(tombstones.place())
    assert (buyer.subject_id in book.erased, buyer.subject_id in book.unfinished) == (True, False)
    assert tombstones.behind() == set()
    assert json.loads(bytes(certificate.content))["gone"]


@pytest.mark.parametrize("moment", list(COPYING))
def test_a_copy_is_made_by_the_next_worker_and_leaves_no_bytes(buyer, moment):
    an_order(subject_id=buyer.subject_id)
    # The shop's own papers are there before.
    before = _bytes_in_store()
    request = a_request(buyer.subject_id, RequestKind.COPY)
    program = COPYING[moment] + "\nfrom privacy import copying\ncopying.build_next(at=at)\n"
    killed(program, at=ASKED.isoformat())
    copy = PersonalCopy.objects.get(request=request)
    assert (copy.state, copy.attempts, copy.file_id) == (CopyState.BUILDING, 1, None)
    assert not StoredFile.objects.filter(subject_id=buyer.subject_id).exists()

    # Its lease has to run out: nobody can know that the process is dead.
    assert copying.build_next(at=ASKED + timedelta(minutes=9)) == 0
    later = ASKED + timedelta(minutes=10)
    assert copying.build_next(at=later) == 1
    copy.refresh_from_db()
    assert (copy.state, copy.attempts) == (CopyState.READY, 2)
    assert requests.one_of(subject_id=buyer.subject_id, number=request.number).state == RequestState.ANSWERED
    _, pieces = copying.fetch(request_id=request.pk, actor=buyer.actor, at=later)
    found = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert found.testzip() is None
    assert LIN_WEI.name in found.read("data.json").decode()
    assert Order.objects.get().number in found.read("data.json").decode()

    left = _bytes_in_store() - before
    assert len(left) == (2 if moment == "bytes without a row" else 1)
    leftovers.unnamed(before=timezone.now() + timedelta(days=1), limit=10)
    assert _bytes_in_store() - before == {copy.file.path}


def _bytes_in_store():
    if not default_storage.exists(""):
        return set()
    folders = [one for one in default_storage.listdir("")[0] if len(one) == 2]
    return {f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1]}


def _until_unlocked(request):
    for _ in range(100):
        with transaction.atomic():
            free = Request.objects.select_for_update(skip_locked=True).filter(pk=request.pk).first()
        if free is not None:
            return
        time.sleep(0.1)
    raise AssertionError("the dead process still holds the row")

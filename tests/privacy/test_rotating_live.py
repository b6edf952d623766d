"""Rotation as a process of its own: killed and begun again, beside writers, beside a process that sleeps."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connections

from privacy import keys, master, notices
from privacy.master_file import create
from privacy.models import KeyRotation, StoredFile, SubjectKey
from tests.privacy.rotating import AT, ROOT, environment, live_versions, people, read_all, start
from tests.privacy.test_sealing_and_fields import a_file

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_master(settings, tmp_path, monkeypatch):
    create(tmp_path / "key.json")
    settings.MASTER_KEY_FILE = tmp_path / "key.json"
    monkeypatch.setenv("ANXIN_MASTER_KEY_FILE", str(tmp_path / "key.json"))
    keys.forget_all()
    yield
    keys.forget_all()


def finish(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return json.loads(out)


def test_killed_at_every_stage_it_finishes_and_loses_nothing():
    subjects, words = people(8)
    moments = ["keys wrapped anew", "data keys: 4 new", "rows sealed anew"]
    for moment in moments:
        process = start("--batch", "2", "--settle", "0.2")
        for line in process.stderr:
            if moment in line:
                os.kill(process.pid, signal.SIGKILL)
                break
        process.communicate()
        assert process.returncode == -signal.SIGKILL, moment
        keys.forget_all()
        assert read_all(words) == words, f"readable after a kill at {moment!r}"
    report = finish(start("--batch", "2", "--settle", "0.2"))
    assert report["resumed"] and not report["keys_left"] and not report["unreadable"]
    keys.forget_all()
    assert read_all(words) == words
    assert {tuple(live_versions(one)) for one in subjects} == {(3,)}
    assert not SubjectKey.objects.filter(wrapped__isnull=False).exclude(master_version=2).exists()
    assert KeyRotation.objects.get().finished_at


def test_under_load_nothing_is_lost():
    subjects, words = people(6)
    stop, wrong = threading.Event(), []

    def write(number):
        """Make rows and edit them, as requests do: read, change, save."""
        try:
            round_ = 0
            while not stop.is_set():
                round_ += 1
                subject = type("S", (), {"pk": subjects[(number + round_) % len(subjects)]})
                # Without bytes on a disk: a file that is lost would keep its key.
                made = a_file(subject, f"w{number}-{round_}.pdf", path="")
                row = StoredFile.objects.get(pk=made.pk)
                row.name = f"w{number}-{round_}b.pdf"
                row.save(update_fields=["name"])
                words[row.pk] = f"w{number}-{round_}b.pdf"
                if read_all([row.pk])[row.pk] != words[row.pk]:
                    wrong.append(row.pk)
        except Exception as error:
            wrong.append(repr(error))
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    try:
        report = finish(start("--batch", "3", "--settle", "2"))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert not wrong
    assert report["keys_destroyed"] == 6 and not report["keys_left"] and not report["unreadable"]
    keys.forget_all()
    assert len(words) > 20 and read_all(words) == words


SLEEPER = """
import os, sys, time
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from privacy import keys, notices
from privacy.models import StoredFile
from django.db import IntegrityError, connection
row = StoredFile.objects.get(pk=sys.argv[1])
assert row.name == "0-0.pdf"
if sys.argv[2] == "deaf":
    notices.CHECK_SECONDS = notices.next_look = 1e12
print("ready", flush=True)
for line in sys.stdin:
    row.name = line.strip()
    try:
        row.save(update_fields=["name"])
        print("saved", flush=True)
    except IntegrityError as error:
        print("refused", flush=True)
    except keys.KeyDestroyed:
        print("destroyed", flush=True)
"""


def sleeper(pk, kind):
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, str(pk), kind],
        cwd=ROOT,
        env=environment(),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def tell(process, words):
    process.stdin.write(words + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_process_with_an_old_cache_writes_under_the_old_key_and_the_final_pass_catches_it():
    (subject,), words = people(1, cells=1)
    pk = next(iter(words))
    deaf = sleeper(pk, "deaf")
    rotation = start("--data-only", "--settle", "4")
    for line in rotation.stderr:
        if "1 new" in line:
            break
    assert tell(deaf, "late.pdf") == "saved", "the old key still takes words while processes hear"
    assert not finish(rotation)["keys_left"]
    assert tell(deaf, "too-late.pdf") == "refused", "refused, not lost under a key that is gone"
    deaf.kill()
    deaf.communicate()
    keys.forget_all()
    assert read_all([pk]) == {pk: "late.pdf"} and live_versions(subject) == [3]


def test_a_shred_reaches_every_process_within_seconds():
    (subject,), words = people(1, cells=1)
    listening = sleeper(next(iter(words)), "hearing")
    assert tell(listening, "a.pdf") == "saved"
    keys.destroy(subject_id=subject, at=AT)
    time.sleep(notices.CHECK_SECONDS + 0.2)
    assert tell(listening, "b.pdf") == "destroyed"
    listening.kill()
    listening.communicate()


def test_an_old_master_is_retired_while_processes_that_knew_it_go_on():
    _, words = people(3)
    listening = sleeper(next(iter(words)), "hearing")
    assert finish(start("--master-only"))["master_version"] == 2
    assert finish(start("--retire"))["retired"] == [1]
    assert master.service().versions() == [2]
    assert tell(listening, "0-0.pdf") == "saved"
    listening.kill()
    listening.communicate()
    keys.forget_all()
    assert read_all(words) == words

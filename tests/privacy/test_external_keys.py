"""A key service of its own process: the site works through it, and says so when it is away."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacy import blind_index, keys, master, sealing
from privacy.external_keys import ExternalKeys, KeyServiceAway
from privacy.key_service import Wrapped
from privacy.master_file import create
from privacy.models import StoredFile
from privacy.subjects import create_subject
from tests.privacy.test_sealing_and_fields import a_file

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def running(tmp_path):
    """The service's socket and process."""
    socket = tmp_path / "s"
    create(tmp_path / "key.json")
    script = str(Path(__file__).with_name("a_key_service.py"))
    process = subprocess.Popen([sys.executable, script, str(socket), str(tmp_path / "key.json")])
    until = time.monotonic() + 20
    while not socket.exists() and time.monotonic() < until:
        time.sleep(0.05)
    yield f"unix:{socket}", process
    process.kill()
    process.wait()


def test_it_wraps_unwraps_derives_and_rotates(running):
    service = ExternalKeys(running[0])
    old = service.wrap([(bytes([i]) * 32, b"c%d" % i) for i in range(3)])
    assert service.unwrap(old) == [bytes([i]) * 32 for i in range(3)]
    fixed = service.fixed_key("email")
    assert (service.add(), service.primary(), service.promote(), service.primary()) == (2, 1, 2, 2)
    assert service.unwrap(old) == [bytes([i]) * 32 for i in range(3)]
    service.drop(1)
    assert service.versions() == [2]
    assert ExternalKeys(running[0]).fixed_key("email") == fixed
    with pytest.raises(master.MasterKeyMissing, match="version"):
        service.unwrap(old)


def test_what_was_moved_or_changed_is_refused(running):
    service = ExternalKeys(running[0])
    one = service.wrap([(b"k" * 32, b"a")])[0]
    with pytest.raises(sealing.SealBroken):
        service.unwrap([Wrapped(one.master_version, one.wrapped, b"b")])


def test_away_slow_or_open_to_all_it_says_so_and_shows_nothing(running, tmp_path):
    address, process = running
    service = ExternalKeys(address)
    path = address.removeprefix("unix:")
    os.chmod(path, 0o777)
    with pytest.raises(master.MasterKeyMissing, match="everybody may write"):
        service.primary()
    os.chmod(path, 0o600)
    process.kill()
    process.wait()
    with pytest.raises(KeyServiceAway, match="doesn't answer") as away:
        service.wrap([(b"k" * 32, b"a")])
    assert away.value.__cause__ is None
    with pytest.raises(KeyServiceAway):
        ExternalKeys(f"unix:{tmp_path}/none").primary()
    with pytest.raises(master.MasterKeyMissing, match="must look like"):
        ExternalKeys("http://keys.example")


@pytest.mark.django_db
def test_the_house_works_through_it_and_outlives_a_short_absence(running, settings):
    address, process = running
    digest = blind_index.email("lin@example.com")
    settings.KEY_SERVICE = address
    keys.forget_all()
    stored = a_file(create_subject(locale="en", at=AT), "lease.pdf")
    keys.forget_all()
    assert StoredFile.objects.get(pk=stored.pk).name == "lease.pdf"
    assert blind_index.email("lin@example.com") != digest, "its keys, not the file's"
    process.kill()
    process.wait()
    assert StoredFile.objects.get(pk=stored.pk).name == "lease.pdf"
    keys.forget_all()
    with pytest.raises(KeyServiceAway):
        _ = StoredFile.objects.get(pk=stored.pk).name
    settings.KEY_SERVICE = ""
    keys.forget_all()

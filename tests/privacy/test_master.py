"""The master key's file: private, replaced as a whole, noticed at once; older formats move nothing."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy import master, sealing
from privacy.key_service import Wrapped
from privacy.master_file import KeyFile, create

ROOT = Path(__file__).resolve().parents[2]
ROTATE = """
import sys
from pathlib import Path
from privacy.master_file import KeyFile
file = KeyFile(Path(sys.argv[1]))
file.add()
file.promote()
"""
PAIR = (b"k" * 32, b"context")


@pytest.fixture
def path(tmp_path):
    create(tmp_path / "key.json")
    return tmp_path / "key.json"


def an_old_file(path, key=b"o" * 32):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(handle, json.dumps({"current": 1, "keys": {"1": base64.b64encode(key).decode()}}).encode())
    os.close(handle)
    return path


def derived_as_before(key, purpose):
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"anxin:" + purpose.encode()).derive(key)


class TestTheFile:
    def test_it_is_private_and_never_overwritten(self, path):
        first = path.read_bytes()
        create(path)
        assert path.read_bytes() == first
        assert path.stat().st_mode & 0o777 == 0o600

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
    def test_one_that_others_reach_is_refused_in_words(self, path, mode):
        path.chmod(mode)
        with pytest.raises(master.MasterKeyMissing, match=f"chmod 600 {path}"):
            KeyFile(path).primary()

    @pytest.mark.parametrize(
        "content", ["{}", "[]", "not json", '{"current": 2, "keys": {"1": ""}}', '{"current": 1, "keys": 3}']
    )
    def test_a_damaged_one_is_refused_without_quoting_it(self, path, content):
        path.write_text(content)
        with pytest.raises(master.MasterKeyMissing, match="damaged") as refused:
            KeyFile(path).primary()
        assert refused.value.__cause__ is None

    def test_a_missing_one_says_so(self, tmp_path):
        with pytest.raises(master.MasterKeyMissing, match="no master key"):
            KeyFile(tmp_path / "none").primary()

    def test_nothing_of_it_shows_when_printed(self, path):
        file = KeyFile(path)
        told = (
            repr(file.content()) + repr(vars(file)) + repr(file.wrap([PAIR])) + repr(Wrapped(1, b"w", b"c"))
        )
        for key in (*file.content().keys.values(), file.content().root, b"k" * 32):
            assert repr(key) not in told and base64.b64encode(key).decode() not in told


class TestRotation:
    def test_three_roll_outs(self, path):
        file = KeyFile(path)
        old = file.wrap([PAIR])[0]
        assert file.add() == 2 and file.primary() == 1
        assert file.add() == 2, "one that waits is enough"
        assert file.promote() == 2 and file.wrap([PAIR])[0].master_version == 2
        assert file.unwrap([old, *file.wrap([PAIR])]) == [b"k" * 32, b"k" * 32]
        file.drop(1)
        assert file.versions() == [2]
        with pytest.raises(master.MasterKeyMissing, match="version 1"):
            file.unwrap([old])

    def test_the_primary_key_stays(self, path):
        with pytest.raises(ValueError, match="primary"):
            KeyFile(path).drop(1)

    def test_another_process_s_new_key_is_noticed_at_once(self, path):
        mine = KeyFile(path)
        mine.primary()
        subprocess.run([sys.executable, "-c", ROTATE, str(path)], check=True, cwd=ROOT)
        assert mine.primary() == 2
        assert path.stat().st_mode & 0o777 == 0o600

    def test_two_at_once_add_one_key_each_or_share_it(self, path):
        racing = [subprocess.Popen([sys.executable, "-c", ROTATE, str(path)], cwd=ROOT) for _ in range(3)]
        assert [one.wait() for one in racing] == [0, 0, 0]
        file = KeyFile(path)
        assert file.primary() == max(file.versions()) and 2 <= file.primary() <= 4

    def test_a_crash_before_the_last_step_leaves_the_old_file(self, path, monkeypatch):
        before = path.read_bytes()
        monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            KeyFile(path).add()
        assert path.read_bytes() == before
        monkeypatch.undo()
        assert KeyFile(path).add() == 2

    def test_what_never_rotates_stays_the_same(self, path):
        file = KeyFile(path)
        before = file.fixed_key("email")
        file.add()
        file.promote()
        file.drop(1)
        assert file.fixed_key("email") == before != file.fixed_key("phone")


class TestTheOldFormat:
    """One key, from which the digests of addresses were derived too."""

    def test_no_digest_moves_and_no_wrapped_key_is_lost(self, tmp_path):
        key = b"o" * 32
        path = an_old_file(tmp_path / "key.json", key)
        wrapped = sealing.seal(b"k" * 32, key=derived_as_before(key, "wrap"), key_version=1, context=b"c")
        for purpose in ("email", "phone", "accounts.sign_in", "accounts.network"):
            was = derived_as_before(key, f"blind-index:{purpose}")
            assert KeyFile(path).fixed_key(purpose) == was
        assert KeyFile(path).unwrap([Wrapped(1, wrapped, b"c")]) == [b"k" * 32]

    def test_it_is_written_anew_once_and_its_first_key_can_go(self, tmp_path):
        path = an_old_file(tmp_path / "key.json")
        file = KeyFile(path)
        before = {purpose: file.fixed_key(purpose) for purpose in ("email", "something.new")}
        assert file.migrate() and not file.migrate()
        file.add()
        file.promote()
        file.drop(1)
        fresh = KeyFile(path)
        assert {purpose: fresh.fixed_key(purpose) for purpose in before} == before
        assert base64.b64encode(b"o" * 32).decode() not in path.read_text()

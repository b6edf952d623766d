"""A real restore: who was erased after the backup stays erased, and nothing is served before that is so."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embedded.binaries import Account, postgres_bin
from embedded.places import ROOT
from tests.faults import lives
from tests.faults.stack import Stack

pytestmark = pytest.mark.launcher
ORDERS_MEANWHILE = 30


class Restored(Stack):
    """The installation whose database is lost."""

    def told(self, name: str, *words: object) -> dict[str, Any]:
        """What a function of `lives` says, called inside the installation."""
        given = ", ".join(repr(word) for word in words)
        said = self.call(f"from tests.faults import lives; lives.{name}({given})")
        found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        return found

    def tried(self, *words: str) -> str:
        """What `dev` says, however it ends."""
        command = [sys.executable, str(ROOT / "dev"), words[0], "--data", str(self.data), *words[1:]]
        done = subprocess.run(
            command, cwd=ROOT, env=self.surroundings(), capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def refused(self, *words: str) -> str:
        """What `dev` says when it ends badly, as it must."""
        command = [sys.executable, str(ROOT / "dev"), words[0], "--data", str(self.data), *words[1:]]
        done = subprocess.run(
            command, cwd=ROOT, env=self.surroundings(), capture_output=True, text=True, check=False
        )
        assert done.returncode, done.stdout
        return done.stdout + done.stderr

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"{self.address}/", timeout=20) as page:
                return int(page.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def lose_everything(self) -> None:
        """The disk with database and files is gone; secrets, master key and journal are elsewhere."""
        self.dev("stop")
        for folder in ("postgres", "files", "valkey"):
            shutil.rmtree(self.data / folder, ignore_errors=True)


@pytest.fixture(scope="module")
def story() -> Iterator[dict[str, Any]]:
    """Everything up to the restored but still closed system."""
    home = Path(tempfile.mkdtemp(prefix="anxin-restore-"))
    home.chmod(0o711)
    stack = Restored(home / "data")
    stack.data.mkdir(mode=0o711)
    try:
        stack.plant()
        # Before anything runs: orders of the past would be swept up while they are made.
        told: dict[str, Any] = {"stack": stack, "home": home, **stack.told("people")}
        stack.run()
        shopping = _in_the_background(stack)
        taken = json.loads(stack.dev("backup", str(home / "backup"), "--json"))
        assert shopping.wait(timeout=300) == 0
        keys = stack.told("wrapped", told["leaves"])["wrapped"]
        _erase(stack, told["leaves"])
        stack.told("shop", 2)
        before = stack.told("look", told["stays"])
        stack.lose_everything()
        _damaged_is_refused(stack, home)
        back = json.loads(stack.dev("restore", str(home / "backup"), "--no-replay", "--json"))
        yield {**told, "taken": taken, "keys": keys, "before": before, "back": back}
    finally:
        stack.dev("stop")
        shutil.rmtree(home, ignore_errors=True)


def _in_the_background(stack: Restored) -> subprocess.Popen[bytes]:
    statement = f"from tests.faults import lives; lives.shop({ORDERS_MEANWHILE})"
    command = [sys.executable, str(ROOT / "dev"), "manage", "--data", str(stack.data), "shell"]
    command += ["--no-imports", "-v", "0", "-c", statement]
    shopping = subprocess.Popen(command, cwd=ROOT, env=stack.surroundings(), stdout=subprocess.DEVNULL)
    time.sleep(4)
    return shopping


def _erase(stack: Restored, subject_id: str) -> None:
    """As the command does, once the background has settled their order."""
    for _ in range(20):
        said = stack.tried("manage", "privacy", "erase", "--subject", subject_id, "--now")
        if '"certificate"' in said:
            return
        time.sleep(2)
    raise AssertionError(said)


def _damaged_is_refused(stack: Restored, home: Path) -> None:
    harmed = home / "harmed"
    shutil.copytree(home / "backup", harmed)
    with (harmed / "data" / "database.dump").open("r+b") as dump:
        dump.seek(1000)
        before = dump.read(1)[0]
        dump.seek(1000)
        dump.write(bytes([before ^ 1]))
    assert "is damaged" in stack.refused("restore", str(harmed))


def test_it_does_not_serve_before_the_tombstones_were_replayed(story: dict[str, Any]) -> None:
    stack = story["stack"]
    said = stack.refused("run", "--port", str(stack.port), "--no-demo")
    assert "stays closed (awaiting_tombstones)" in said
    assert json.loads(stack.dev("manage", "restored", "status"))["refuses_to_serve"] == "awaiting_tombstones"


def test_after_the_replay_it_serves_and_the_erased_stay_erased(story: dict[str, Any]) -> None:
    stack = story["stack"]
    replayed = json.loads(stack.dev("manage", "restored", "replay"))
    assert (replayed["tombstones"], replayed["offences"]) == (1, 0)
    assert json.loads(stack.dev("manage", "restored", "replay"))["tombstones"] == 0
    assert not _on_disk(stack, story["keys"])
    stack.run()
    assert stack.status() == 200
    leaves = stack.told("look", story["leaves"])
    # What the law of trade keeps is kept again, under a key that opens for nobody in passing.
    assert (leaves["erased"], leaves["email"], leaves["keys"]) == (True, "", ["kept"])
    stays = stack.told("look", story["stays"])
    assert (stays["email"], stays["erased"]) == ("stays@example.com", False)
    # What was ordered after the backup is lost, and nothing else.
    assert 0 < story["before"]["orders"] - stays["orders"] <= ORDERS_MEANWHILE + 2


def _on_disk(stack: Restored, keys: list[str]) -> list[Path]:
    """Files of the stopped database, its log of changes aside, that hold one of these wrapped keys."""
    assert keys
    held = [path for path in (stack.data / "postgres" / "base").rglob("*") if path.is_file()]
    return [path for path in held if any(bytes.fromhex(key) in path.read_bytes() for key in keys)]


def test_nothing_plain_is_in_a_dump_of_it(story: dict[str, Any]) -> None:
    stack, again = story["stack"], story["home"] / "again"
    stack.dev("backup", str(again))
    program = postgres_bin(Path(sys.prefix), Account.current()) / "pg_restore"
    dump = subprocess.run(
        [program, "--file=-", again / "data" / "database.dump"], capture_output=True, check=True
    ).stdout
    assert b"COPY public.orders_order " in dump
    for plain in (lives.NAME, "leaves@example.com", lives.PHRASE, *story["keys"]):
        assert plain.encode() not in dump
    kept = (again / "keys" / "privacy_subjectkey.copy").read_text()
    assert not [key for key in story["keys"] if key in kept]


def test_a_clock_that_ran_out_meanwhile_fires_once(story: dict[str, Any]) -> None:
    for _ in range(30):
        found = story["stack"].told("expiry", story["unpaid"])
        if found["state"] == "expired":
            break
        time.sleep(5)
    assert found == {"fired": 1, "state": "expired"}


def test_payouts_stay_frozen_until_the_books_were_compared(story: dict[str, Any]) -> None:
    stack = story["stack"]
    status = json.loads(stack.dev("manage", "restored", "status"))
    assert (status["payouts_frozen"], status["offences"]) == (True, {})
    stack.dev("manage", "restored", "books", "--compared-with", "sandbox statement of today")
    assert not json.loads(stack.dev("manage", "restored", "status"))["payouts_frozen"]


def test_how_long_it_took_and_how_large_it_was(story: dict[str, Any]) -> None:
    taken, back = story["taken"], story["back"]
    print(
        f"backup {taken['seconds']} s, restore {back['seconds']} s, {taken['rows']} rows, data part"
        f" {taken['data_bytes']} of {taken['database_bytes']} bytes in the database"
    )
    assert taken["data_bytes"] < taken["database_bytes"]
    assert float(back["seconds"]) < 60

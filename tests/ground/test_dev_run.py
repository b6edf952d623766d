"""`dev run` as a person uses it: one story, in order, with an installation of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import processes
from embedded.places import ROOT
from embedded.processes import Identity
from tests.ground.conftest import eventually, kill

pytestmark = pytest.mark.launcher


class Installation:
    """A data folder, a port, and `dev` for both."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port

    def dev(self, *words: str) -> subprocess.CompletedProcess[str]:
        unset = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        env = {name: value for name, value in os.environ.items() if name not in unset and "ANXIN" not in name}
        command = [sys.executable, str(ROOT / "dev"), words[0], "--data", str(self.data), *words[1:]]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)

    def run(self) -> subprocess.CompletedProcess[str]:
        return self.dev("run", "--port", str(self.port), "--no-demo", "--detach")

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True

    def process(self, name: str) -> Identity | None:
        if name == "postgres":
            try:
                return processes.identify(
                    int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
                )
            except (OSError, ValueError):
                return None
        who, _facts = processes.read_record(self.data / "run" / f"{name}.json")
        return who if processes.alive(who) else None

    def everything(self) -> list[int]:
        """All processes that carry this data folder in their environment or command."""
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                try:
                    about = (
                        Path(f"/proc/{entry}/environ").read_bytes()
                        + Path(f"/proc/{entry}/cmdline").read_bytes()
                    )
                except OSError:
                    continue
                if f"{self.data}".encode() in about and processes.identify(int(entry)):
                    found.append(int(entry))
        return found


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="anxin-ground-") as folder:
        Path(folder).chmod(0o711)
        own = Installation(Path(folder) / "data", port)
        done = own.run()
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"http://127.0.0.1:{port}/" in done.stdout
        yield own
        own.dev("stop")
        assert eventually(lambda: not own.everything()), own.everything()


def test_it_serves(site: Installation) -> None:
    assert site.answers()


def test_a_second_one_on_the_same_data_is_refused(site: Installation) -> None:
    done = site.dev("run", "--no-demo")
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert site.answers()


def test_a_taken_port_is_named(site: Installation, home: Path) -> None:
    done = Installation(home / "other", site.port).run()
    assert done.returncode == 1
    assert f"Port {site.port} is taken" in done.stdout


def test_manage_works_beside_it_and_leaves_it_running(site: Installation) -> None:
    before = site.process("postgres")
    assert site.dev("manage", "check").returncode == 0
    assert site.process("postgres") == before
    assert site.answers()


@pytest.mark.parametrize("name", ["web", "worker", "beat", "relay", "valkey", "postgres"])
def test_what_is_killed_comes_back(site: Installation, name: str) -> None:
    before = site.process(name)
    kill(before)
    assert eventually(lambda: site.process(name) not in (None, before))
    assert eventually(site.answers)


def test_after_sigkill_of_the_launcher_the_next_one_takes_over(site: Installation) -> None:
    launcher, database, web = site.process("launcher"), site.process("postgres"), site.process("web")
    kill(launcher)
    assert site.process("web") == web
    done = site.run()
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.process("postgres") == database
    assert site.process("web") not in (None, web)
    assert not processes.alive(web)
    assert site.answers()


def test_stopping_leaves_no_process(site: Installation) -> None:
    done = site.dev("stop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert eventually(lambda: not site.everything()), site.everything()
    assert not site.answers()


def test_ctrl_c_is_a_clean_stop(site: Installation) -> None:
    command = [
        sys.executable,
        str(ROOT / "dev"),
        "run",
        "--data",
        str(site.data),
        "--port",
        str(site.port),
        "--no-demo",
    ]
    front = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert eventually(lambda: (site.data / "run" / "ready.json").exists())
    front.send_signal(signal.SIGINT)
    said, _ = front.communicate(timeout=180)
    assert front.returncode == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert eventually(lambda: not site.everything()), site.everything()


def test_manage_starts_what_it_needs_and_stops_it(site: Installation) -> None:
    assert site.dev("manage", "check", "--database", "default").returncode == 0
    assert eventually(lambda: not site.everything()), site.everything()


def test_no_secret_is_readable_by_others(site: Installation) -> None:
    closed = [path for path in (site.data / "secrets").iterdir() if path.stat().st_mode & 0o077]
    assert not closed
    assert json.loads((site.data / "master-key.json").read_text())
    assert not (site.data / "master-key.json").stat().st_mode & 0o077


def test_reset_forgets_the_data_and_nothing_else(site: Installation) -> None:
    beside = site.data.parent / "beside"
    beside.write_text("kept")
    assert site.dev("reset", "--yes").returncode == 0
    assert not site.data.exists()
    assert beside.read_text() == "kept"

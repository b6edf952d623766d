"""Places of their own for servers that are really started, and really killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from embedded import processes
from embedded.binaries import Account, postgres_bin, valkey_server
from embedded.places import Places
from embedded.postgres import Cluster
from embedded.processes import Identity
from embedded.servers import Servers
from embedded.valkey import Valkey


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the servers' account may walk to; pytest's own are closed to everybody."""
    folder = Path(tempfile.mkdtemp(prefix="anxin-ground-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def places(home: Path) -> Iterator[Places]:
    """An installation with an empty data folder; whatever still runs there is stopped at the end."""
    own = Places(data=home / "data", venv=Path(sys.prefix))
    yield own
    if own.run.is_dir():
        Servers(own).stop_left_over()


@pytest.fixture
def cluster(home: Path) -> Iterator[Callable[..., Cluster]]:
    """Gives a new launcher's view of one and the same cluster at each call."""
    account = Account.current()

    def view(*, hasty: bool = True) -> Cluster:
        programs = postgres_bin(Path(sys.prefix), account)
        return Cluster(programs, home / "postgres", home / "postgres.log", "secret", account, hasty=hasty)

    yield view
    view().stop()


@pytest.fixture
def valkey(home: Path) -> Iterator[Callable[[], Valkey]]:
    account = Account.current()

    def view() -> Valkey:
        program = valkey_server(Path(sys.prefix), account)
        return Valkey(program, home / "valkey", home / "valkey.log", home / "valkey.json", "secret", account)

    yield view
    view().stop()


@pytest.fixture
def stranger() -> Iterator[Identity]:
    """Some other program of this machine, which must survive whatever a launcher does."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    who = processes.identify(process.pid)
    assert who is not None
    yield who
    process.kill()
    process.wait()


def kill(who: Identity | None) -> None:
    """SIGKILL, and wait until the process is gone."""
    assert who is not None
    os.kill(who.pid, signal.SIGKILL)
    assert processes.wait_gone([who], seconds=10)


def eventually(question: Callable[[], bool], *, seconds: float = 180.0) -> bool:
    """Whether it becomes true; how long that takes says more about the machine than about the program."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if question():
            return True
        time.sleep(0.1)
    return False

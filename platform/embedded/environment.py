"""The virtual environment: made from the hashed lock, once, and again when the lock changes."""

import fcntl
import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded.binaries import Missing, site_packages
from embedded.places import ROOT, Places, say

RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
LOCKS = {"run": [RUNTIME], "dev": [RUNTIME, DEVELOPMENT]}


def ensure(places: Places, *, development: bool = False) -> None:
    """Have .venv hold what the lock says, the path file, and compiled messages.

    :raises Missing: Python's venv is not there, or a package could not be had.
    """
    with _alone():
        wanted = {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in LOCKS["dev"]}
        stamp = places.venv / "anxin.json"
        have = _read(stamp)
        # Scripts inside name the folder they were made in: a checkout that was moved needs a new one.
        if have.get("root", str(ROOT)) != str(ROOT) or not _works(places.python):
            _make(places)
            have = {"root": str(ROOT)}
        lock = DEVELOPMENT if development else RUNTIME
        if (
            have.get(DEVELOPMENT.name) != wanted[DEVELOPMENT.name]
            and have.get(lock.name) != wanted[lock.name]
        ):
            _install(places, lock)
            have = {"root": str(ROOT), lock.name: wanted[lock.name]}
        _write_path(places)
        stamp.write_text(json.dumps(have))


def compile_messages(places: Places) -> None:
    """Compile the catalogues of the three languages; quick when nothing changed."""
    if (ROOT / "platform" / "web" / "messages.py").is_file():
        subprocess.run([places.python, "-m", "web.messages"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _alone() -> Iterator[None]:
    # Two commands started at once must not both fill the environment.
    with (ROOT / "dev").open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(places: Places) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Missing(
            "This Python cannot make a virtual environment: its venv or ensurepip module is missing.\n"
            "On Debian or Ubuntu: apt-get install python3-venv. Then run the same command again."
        )
    say(f"Making the environment in {places.venv.name} (Python {sys.version.split()[0]}) …")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", places.venv], check=False)
    if done.returncode:
        raise Missing("The virtual environment could not be made; the reason stands above.")


def _install(places: Places, lock: Path) -> None:
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith(" "))
    say(f"Installing up to {count} packages named in {lock.name} (about half a minute the first time) …")
    command = [str(places.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        raise Missing(
            "The packages could not be installed; pip says above which one.\n"
            "It needs a package index (PyPI or a mirror set in pip's own settings), Linux x86-64 or aarch64\n"
            "with glibc 2.28 or newer, or macOS 11 or newer on Apple silicon."
        )


def _write_path(places: Places) -> None:
    packages = site_packages(places.venv)
    if packages is None:
        raise Missing(f"{places.venv} has no site-packages folder. Remove it and run the same command again.")
    text = f"{ROOT}\n{ROOT / 'platform'}\n"
    path = packages / "_anxin.pth"
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _read(stamp: Path) -> dict[str, str]:
    try:
        return {str(key): str(value) for key, value in json.loads(stamp.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}

"""One Postgres cluster of our own: made, started, adopted after a crash, stopped; never a stranger's."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from embedded import processes
from embedded.binaries import Account
from embedded.processes import Identity

PATIENCE = 60.0
TRIES = 5


class StartFailed(Exception):
    """The server did not come up; the text ends with the last lines of its log."""


@dataclass
class Cluster:
    """A data folder and the server on it. `hasty` clusters are thrown away and skip every sync to disk."""

    programs: Path
    data: Path
    log: Path
    password: str
    account: Account
    hasty: bool = False
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def ensure(self) -> int:
        """Have the server running and return its port.

        :raises StartFailed: it does not come up.
        """
        if not (self.data / "PG_VERSION").is_file():
            self._init()
        if self._adopt():
            return self.port
        self._clear_stale_lock()
        for _ in range(TRIES):
            if self._start(self.port or free_port()):
                return self.port
            self.port = 0
        raise StartFailed(f"Postgres found no free port.\n{tail(self.log)}")

    def running(self) -> Identity | None:
        """The server on this very data folder, whoever started it."""
        pid, _port, _status = self._lock_file()
        if not pid or str(self.data) not in processes.command_line(pid):
            return None
        return processes.identify(pid)

    def stop(self) -> None:
        """Fast shutdown: open transactions end, everything acknowledged is on disk."""
        processes.stop(self.running(), first=signal.SIGINT, seconds=30.0)
        if self._child is not None:
            self._child.wait(timeout=30)
            self._child = None

    def _init(self) -> None:
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.own(draft)
        with tempfile.NamedTemporaryFile("w", dir=self.data.parent, prefix=".pw") as secret:
            secret.write(self.password)
            secret.flush()
            self.account.own(Path(secret.name))
            command = [
                str(self.programs / "initdb"),
                "-D",
                str(draft),
                "-U",
                "postgres",
                f"--pwfile={secret.name}",
            ]
            command += ["--auth=scram-sha-256", "--encoding=UTF8", *self._locale()]
            command += ["--no-sync"] if self.hasty else []
            done = subprocess.run(
                command, cwd="/", capture_output=True, text=True, check=False, **self.account.drop
            )
        if done.returncode:
            raise StartFailed(f"initdb failed:\n{done.stdout}{done.stderr}")
        draft.rename(self.data)

    def _locale(self) -> list[str]:
        # With the plain C locale pg_trgm sees no letters in Chinese text.
        ctype = next(
            (name for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8") if _has_locale(name)), "C"
        )
        if version(self.programs) >= 17:
            builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            return [*builtin, "--locale=C", f"--lc-ctype={ctype}"]
        return ["--locale-provider=libc", "--locale=C", f"--lc-ctype={ctype}"]

    def _adopt(self) -> bool:
        who = self.running()
        limit = time.monotonic() + PATIENCE
        while who is not None and processes.alive(who) and time.monotonic() < limit:
            _pid, port, status = self._lock_file()
            if status == "ready":
                self.port = port
                return True
            time.sleep(0.05)
        return False

    def _start(self, port: int) -> bool:
        with self.log.open("ab") as out:
            start = out.tell()
            self._child = subprocess.Popen(
                self._command(port), cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, **self.account.drop,
            )  # fmt: skip
        limit = time.monotonic() + PATIENCE
        while self._child.poll() is None and time.monotonic() < limit:
            pid, bound, status = self._lock_file()
            # The file names our own child: a stranger on the port cannot be mistaken for it.
            if pid == self._child.pid and status == "ready":
                self.port = bound
                return True
            time.sleep(0.02)
        said = self.log.read_bytes()[start:].decode(errors="replace")
        if self._child.poll() is not None and "TCP/IP socket" in said:
            return False
        self.stop()
        raise StartFailed(f"Postgres did not start. The end of {self.log}:\n{tail(self.log)}")

    def _command(self, port: int) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "100",
            "timezone": "UTC", "log_timezone": "UTC", "password_encryption": "scram-sha-256",
        }  # fmt: skip
        if self.hasty:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(port), *options]

    def _clear_stale_lock(self) -> None:
        """Remove a lock whose owner is gone, once no back end of it works in the folder any more."""
        lock = self.data / "postmaster.pid"
        limit = time.monotonic() + 15
        while lock.exists() and processes.working_in(self.data.resolve()) and time.monotonic() < limit:
            time.sleep(0.05)
        if not processes.working_in(self.data.resolve()):
            lock.unlink(missing_ok=True)

    def _lock_file(self) -> tuple[int, int, str]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]), int(lines[3]), lines[7].strip()
        except (OSError, ValueError, IndexError):
            return self._first_line(), 0, ""

    def _first_line(self) -> int:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return 0


def free_port() -> int:
    """A port nobody listens on now; the server's own start is the proof."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def version(programs: Path) -> int:
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"(\d+)", said.stdout)
    return int(found[1]) if found else 0


def tail(log: Path, lines: int = 12, width: int = 400) -> str:
    """The end of a log: its last lines, and of each its end, where the reason stands."""
    try:
        said = log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(line if len(line) <= width else f"… {line[-width:]}" for line in said)
    except OSError:
        return ""


def _has_locale(name: str) -> bool:
    done = subprocess.run(
        ["locale", "-a"], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    return name.replace("-", "").lower() in done.stdout.replace("-", "").lower().split()

"""One whole installation that runs through `dev`, and the ways to hurt it; it ends only what it started."""

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg2

from embedded import processes
from embedded.places import ROOT
from embedded.processes import Identity

UNSET = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PORTAL_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
# Facts that wait for a background process, and clocks about to run out: nothing of it once the site is idle.
WAITING = """
    SELECT (SELECT count(*) FROM outbox_message WHERE handled_at IS NULL AND parked_at IS NULL)
         + (SELECT count(*) FROM deadlines_deadline
             WHERE state = 'open' AND due_at <= platform_now() + interval '3 minutes')
         + (SELECT count(*) FROM payments_providercall WHERE state = 'waiting')
         + (SELECT count(*) FROM sandbox_delivery WHERE delivered_at IS NULL)
"""


class Stack:
    """A data folder, a port, and `dev` for both."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def surroundings(self) -> dict[str, str]:
        """The environment without what the test run put there."""
        return {
            name: value for name, value in os.environ.items() if name not in UNSET and "ANXIN" not in name
        }

    def dev(self, *words: str) -> str:
        command = [sys.executable, str(ROOT / "dev"), words[0], "--data", str(self.data), *words[1:]]
        return self._done(command)

    def _done(self, command: list[str]) -> str:
        env = self.surroundings()
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def call(self, statement: str) -> str:
        """Run Python in the installation's own environment."""
        return self.dev("manage", "shell", "--no-imports", "-v", "0", "-c", statement)

    def plant(self) -> dict[str, object]:
        """Prepare the database and lay the seed before anything serves."""
        command = [sys.executable, "-m", "tests.faults.seed", str(self.data)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.surroundings(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        planted: dict[str, object] = json.loads((self.data / "seed.json").read_text())
        return planted

    def run(self) -> None:
        self.dev("run", "--port", str(self.port), "--no-demo", "--detach")
        (self.data / "up").write_text(datetime.now(UTC).isoformat())

    def process(self, name: str) -> Identity | None:
        """The living process of this name, as the launcher noted it."""
        if name == "postgres":
            return self._postmaster()
        who, _facts = processes.read_record(self.data / "run" / f"{name}.json")
        return who if processes.alive(who) else None

    def _postmaster(self) -> Identity | None:
        try:
            return processes.identify(int((self.data / "postgres" / "postmaster.pid").read_text().split()[0]))
        except (OSError, ValueError, IndexError):
            return None

    def a_web_worker(self) -> Identity | None:
        """One of the processes that answer, not the one that watches them."""
        leader = self.process("web")
        others = [who for who in processes.members(leader.pid) if who != leader] if leader else []
        return others[-1] if others else None

    def hurt(self, who: Identity | None, sign: signal.Signals = signal.SIGKILL) -> bool:
        """Whether it was there to be hurt."""
        if who is None:
            return False
        try:
            os.kill(who.pid, sign)
        except ProcessLookupError:
            return False
        return True

    def flush_valkey(self) -> bool:
        """FLUSHALL; False while the server is away."""
        _who, facts = processes.read_record(self.data / "run" / "valkey.json")
        password = (self.data / "secrets" / "valkey").read_text().strip()
        try:
            with socket.create_connection(("127.0.0.1", int(str(facts["port"]))), timeout=5) as link:
                link.sendall(f"AUTH {password}\r\nFLUSHALL\r\nQUIT\r\n".encode())
                said = b""
                while part := link.recv(4096):
                    said += part
        except (OSError, KeyError):
            return False
        return said.count(b"+OK") >= 2

    def waiting(self) -> int:
        """How much is still to be done; raises OperationalError while the database is away."""
        _who, facts = processes.read_record(self.data / "run" / "postgres.json")
        password = (self.data / "secrets" / "owner").read_text().strip()
        link = psycopg2.connect(
            host="127.0.0.1", port=facts["port"], user="anxin_owner", password=password, dbname="anxin"
        )
        try:
            with link.cursor() as cursor:
                cursor.execute(WAITING)
                (count,) = cursor.fetchone()
        finally:
            link.close()
        return int(count)

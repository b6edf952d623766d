"""Keeps the site's processes running: starts again what died, ever later, and ends all cleanly."""

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from embedded import processes
from embedded.places import ROOT, say

STEADY = 30.0
LONGEST_PAUSE = 30.0
LOG_BYTES = 20_000_000


@dataclass
class Child:
    """One process of the site, leading a session of its own so that its helpers end with it."""

    name: str
    command: list[str]
    log: Path
    record: Path
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    due: float = 0.0
    since: float = 0.0

    def start(self, env: dict[str, str]) -> None:
        if self.log.is_file() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old.log"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        self.since = time.monotonic()
        who = processes.identify(self.process.pid)
        if who is not None:
            processes.write_record(self.record, who)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self) -> str:
        """How it ended, for the person at the terminal."""
        code = self.process.returncode if self.process else 0
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def plan_restart(self) -> float:
        """Seconds until the next try; longer each time unless it ran steadily meanwhile."""
        self.failures = 0 if time.monotonic() - self.since > STEADY else self.failures + 1
        pause: float = min(LONGEST_PAUSE, 0.25 * 2**self.failures)
        self.due = time.monotonic() + pause
        return pause

    def clear(self) -> None:
        """End whatever of its session still lives, for a process that died without its helpers."""
        if self.process is not None:
            for who in processes.members(self.process.pid):
                processes.stop(who, first=signal.SIGKILL, seconds=1.0)
        self.process = None
        self.record.unlink(missing_ok=True)


@dataclass
class Supervisor:
    """The children of one `dev run` and the environment they get."""

    children: list[Child]
    env: dict[str, str]

    def tick(self) -> None:
        """Start each child that is due and not running."""
        for child in self.children:
            if child.running():
                continue
            if child.process is not None:
                how = child.ended()
                child.clear()
                pause = child.plan_restart()
                say(f"{child.name} {how}; starting it again in {pause:.1f} s (see {child.log})")
            elif time.monotonic() >= child.due:
                child.start(self.env)

    def restart(self, env: dict[str, str]) -> None:
        """Start all again, because the servers they talk to have moved."""
        self.stop()
        self.env = env

    def stop(self, *, seconds: float = 12.0) -> None:
        """Ask all to end at once, wait, then kill what is left."""
        for child in self.children:
            if child.running() and child.process is not None:
                child.process.terminate()
        limit = time.monotonic() + seconds
        while any(child.running() for child in self.children) and time.monotonic() < limit:
            time.sleep(0.05)
        for child in self.children:
            child.clear()


def stop_left_over(run: Path, names: list[str]) -> None:
    """End the site's processes that a killed launcher left; they would serve old code."""
    for name in names:
        record = run / f"{name}.json"
        leader, _facts = processes.read_record(record)
        # The number may be a stranger's by now: then its session is none of ours either.
        if leader is not None and processes.identify(leader.pid) in (leader, None):
            processes.stop(leader, first=signal.SIGTERM, seconds=10.0)
            for who in processes.members(leader.pid):
                processes.stop(who, first=signal.SIGTERM, seconds=3.0)
        record.unlink(missing_ok=True)

"""Knowing a process for certain: a number alone may belong to a stranger by the time it is read again."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

LINUX = sys.platform.startswith("linux")


@dataclass(frozen=True)
class Identity:
    """A process by its number and the moment it started; the pair is never used twice."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """Who has this number now; None when nobody has it, or only a dead process not yet reaped."""
    started = _started_linux(pid) if LINUX else _started_by_ps(pid)
    return Identity(pid, started) if started else None


def alive(who: Identity | None) -> bool:
    return who is not None and identify(who.pid) == who


def command_line(pid: int) -> str:
    if LINUX:
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.replace(b"\0", b" ").decode(errors="replace").strip()
    return _ps(pid, "command=")


def members(session: int) -> list[Identity]:
    """The living processes of a session that one of our children led (Linux; elsewhere only the leader)."""
    if not LINUX:
        leader = identify(session)
        return [leader] if leader else []
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(int(entry))
            if fields and int(fields[3]) == session and fields[0] not in "ZX":
                found.append(Identity(int(entry), fields[19]))
    return found


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is `folder` (Linux): what a killed Postgres may leave behind."""
    pids = []
    for entry in os.listdir("/proc") if LINUX else []:
        if entry.isdigit():
            try:
                here = os.readlink(f"/proc/{entry}/cwd")
            except OSError:
                continue
            if here == str(folder) and identify(int(entry)):
                pids.append(int(entry))
    return pids


def stop(who: Identity | None, *, first: signal.Signals, seconds: float) -> None:
    """Ask `who` to end by `first`, wait, then kill; only ever the very process that was recorded."""
    for sign, patience in ((first, seconds), (signal.SIGKILL, 5.0)):
        if who is None or not alive(who):
            return
        try:
            os.kill(who.pid, sign)
        except ProcessLookupError:
            return
        wait_gone([who], seconds=patience)


def wait_gone(those: list[Identity], *, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while any(alive(who) for who in those):
        if time.monotonic() > limit:
            return False
        _reap(those)
        time.sleep(0.02)
    return True


def _reap(those: list[Identity]) -> None:
    for who in those:
        try:
            os.waitpid(who.pid, os.WNOHANG)
        except ChildProcessError:
            continue


def write_record(path: Path, who: Identity, **facts: object) -> None:
    """Write a private note about `who`, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({**asdict(who), **facts}))
    draft.chmod(0o600)
    draft.replace(path)


def read_record(path: Path) -> tuple[Identity | None, dict[str, object]]:
    """The process a note speaks of, dead or alive, and the note's other facts."""
    try:
        facts = json.loads(path.read_text())
        return Identity(int(facts.pop("pid")), str(facts.pop("started"))), facts
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, {}


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()


def _started_linux(pid: int) -> str:
    fields = _stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else ""


def _started_by_ps(pid: int) -> str:
    return "" if "Z" in _ps(pid, "stat=") else _ps(pid, "lstart=")


def _ps(pid: int, column: str) -> str:
    done = subprocess.run(["ps", "-p", str(pid), "-o", column], capture_output=True, text=True, check=False)
    return done.stdout.strip()

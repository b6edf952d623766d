"""Where an installation on one machine keeps its things, and who may read them."""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from embedded.binaries import Account

ROOT = Path(__file__).resolve().parents[2]
STATE = Path("/var/lib/anxin")


def say(text: str) -> None:
    print(text, flush=True)


@dataclass(frozen=True)
class Places:
    """The folders of one installation; `data` is `--data DIR`, by default var/ of the checkout."""

    data: Path = ROOT / "var"
    venv: Path = ROOT / ".venv"
    account: Account = field(default_factory=Account.current)

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def servers(self) -> Path:
        """Home of the servers' data: beside the rest, or elsewhere when their account cannot walk here."""
        if self.account.reaches(self.data / "x"):
            return self.data
        return STATE / hashlib.sha256(str(self.data).encode()).hexdigest()[:16]

    def make(self) -> None:
        """Make every folder; only the servers' account may walk through the outermost one."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.data.chmod(0o711 if self.account.name else 0o700)
        for folder in (self.run, self.logs, self.data / "secrets", self.data / "files"):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
        if self.servers != self.data:
            self.servers.mkdir(parents=True, exist_ok=True)
            for folder in (self.servers.parent, self.servers):
                folder.chmod(0o711)

    def secret(self, name: str) -> str:
        """64 hexadecimal digits, made once and kept readable to their owner only."""
        path = self.data / "secrets" / name
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as out:
            value = secrets.token_hex(32)
            out.write(value)
        return value


def fingerprint(paths: list[Path], *, also: str = "", key: Callable[[Path], bytes] = Path.read_bytes) -> str:
    """One digest over files' names and contents, for 'nothing has changed since'."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(paths):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + key(path))
    return digest.hexdigest()

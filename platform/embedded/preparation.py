"""What has to be true before the site may be served; each step is skipped while nothing changed."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from embedded import processes
from embedded.places import ROOT, Places, fingerprint, say
from embedded.servers import Servers

OWNERS = (
    "migrate",
    "grants",
    "bootstrap",
    "makemigrations",
    "sqlmigrate",
    "squashmigrations",
    "flush",
    "backup",
    "restore",
    "restored",
    "dbshell",
)
CONFIG = ROOT / "platform" / "config"
DEMO = ROOT / "platform" / "demo"


class StepFailed(Exception):
    """A step of the preparation ended with an error that stands above."""


def site_command(places: Places, *arguments: str) -> list[str]:
    return [str(places.python), str(ROOT / "manage.py"), *arguments]


def as_owner(env: dict[str, str]) -> dict[str, str]:
    """The same environment for a command that changes the schema."""
    return {**env, "DATABASE_URL": env["DATABASE_OWNER_URL"]}


def prepare(servers: Servers, *, demo: bool) -> None:
    """Migrate, grant, gather static files and load the demo, as far as that is still to do.

    :raises StepFailed: one of them failed.
    """
    stamp = Stamp(servers)
    prepare_data(servers)
    pages = fingerprint(_static_files(), key=_size_and_time)
    if not stamp.says("static", pages):
        say("Gathering pictures, styles and scripts …")
        _step(servers, "collectstatic", "--noinput", "-v", "0")
        stamp.note("static", pages)
    if demo and (DEMO / "management" / "commands" / "demo.py").is_file() and not stamp.says("demo", "whole"):
        say("Loading the demo marketplace through its own use cases (about a minute, only once) …")
        # It can be begun again, so it need not wait for the disk at each of its thousands of commits.
        _step(servers, "demo", options="-c synchronous_commit=off")
        stamp.note("demo", "whole")


def prepare_data(servers: Servers) -> None:
    """The part of it that commands need which ask the database: tables, roles, and the bundled data.

    :raises StepFailed:
    """
    stamp = Stamp(servers)
    schema = fingerprint(_schema_files(), also="1")
    if not stamp.says("schema", schema):
        say("Bringing the database up to date …")
        migrate(servers)
        stamp.note("schema", schema)
    rules = fingerprint(_rule_files(), also=schema)
    if not stamp.says("rules", rules):
        say("Loading law packs, calendars, policies and categories …")
        _step(servers, "bootstrap", owner=True)
        stamp.note("rules", rules)


def migrate(servers: Servers) -> None:
    """Run the migrations as the owner and give the two other roles what they may do."""
    _step(servers, "migrate", "--noinput", "-v", "0", owner=True)
    roles = serving_roles(servers.environment())
    if roles:
        _step(servers, "grants", *roles, owner=True)


def serving_roles(env: dict[str, str]) -> list[str]:
    """Arguments of `manage grants` for the roles that serve; none where the owner itself serves."""
    owner, app, portal = (
        urlsplit(env[name]).username for name in ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_PORTAL_URL")
    )
    return [f"--role={unquote(role)}" for role in sorted({app or "", portal or ""} - {owner or "", ""})]


class Stamp:
    """What was done on which database; forgotten with the data folder, never trusted for a foreign server."""

    def __init__(self, servers: Servers) -> None:
        self._path = servers.places.run / "prepared.json"
        self._foreign = servers.cluster is None
        self._birth = (
            "" if servers.cluster is None else str((servers.cluster.data / "PG_VERSION").stat().st_ctime_ns)
        )

    def says(self, what: str, value: str) -> bool:
        return not self._foreign and self._read().get(what) == value

    def note(self, what: str, value: str) -> None:
        if not self._foreign:
            self._path.write_text(json.dumps({**self._read(), "birth": self._birth, what: value}))

    def _read(self) -> dict[str, str]:
        try:
            facts = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return facts if isinstance(facts, dict) and facts.get("birth") == self._birth else {}


def _step(servers: Servers, *arguments: str, owner: bool = False, options: str = "") -> None:
    env = servers.environment() | ({"PGOPTIONS": options} if options else {})
    record = servers.places.run / "step.json"
    command = site_command(servers.places, *arguments)
    step = subprocess.Popen(command, cwd=ROOT, env=as_owner(env) if owner else env, stdout=sys.stdout)
    who = processes.identify(step.pid)
    if who is not None:
        # A launcher that is killed now must be able to find this process the next time.
        processes.write_record(record, who)
    try:
        step.wait()
    finally:
        if step.poll() is None:
            step.terminate()
            step.wait()
        record.unlink(missing_ok=True)
    if step.returncode:
        raise StepFailed(f"`manage {arguments[0]}` failed; the reason stands above.")


def _schema_files() -> list[Path]:
    models = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("platform/*/migrations/*.py")]
    return [*models, ROOT / "requirements.lock", CONFIG / "management" / "commands" / "grants.py"]


def _rule_files() -> list[Path]:
    """Everything that `bootstrap` may read: the data in these rooms and the code that loads it."""
    rooms = [ROOT / "law", ROOT / "catalog", ROOT / "platform" / "rulebook", CONFIG]
    files = [
        path
        for room in rooms
        for ending in ("py", "json", "toml", "csv")
        for path in room.rglob(f"*.{ending}")
    ]
    return [path for path in files if "locale" not in path.parts]


def _static_files() -> list[Path]:
    folders = [*ROOT.glob("*/static"), *ROOT.glob("platform/*/static")]
    # var/static is where they are gathered, no room of the house.
    rooms = [folder for folder in folders if (folder.parent / "__init__.py").is_file()]
    return [path for folder in rooms for path in folder.rglob("*") if path.is_file()]


def _size_and_time(path: Path) -> bytes:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}".encode()

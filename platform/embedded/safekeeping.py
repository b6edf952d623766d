"""`dev backup` and `dev restore`: the commands of the site, with the servers and programs they need."""

import argparse
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

from embedded import environment, preparation, processes
from embedded.binaries import Missing, postgres_bin
from embedded.places import ROOT, Places, say
from embedded.running import Refused
from embedded.servers import Servers


def add_words(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser
) -> None:
    """The two commands for the parser of `dev`."""
    take = verbs.add_parser(
        "backup", parents=[shared], help="write DIR/data and DIR/keys while the site runs"
    )
    back = verbs.add_parser("restore", parents=[shared], help="put a backup back; the erased stay erased")
    for each in (take, back):
        each.add_argument("folder", metavar="DIR")
        each.add_argument("--keys", metavar="DIR", help="the key part is elsewhere (default: DIR/keys)")
        each.add_argument("--passphrase-file", metavar="FILE", help="the backup is sealed under its words")
        each.add_argument("--json", action="store_true", help="figures for a program")
    back.add_argument("--without-keys", action="store_true", help="sealed fields stay unreadable")
    back.add_argument("--journal-lost", action="store_true", help="no copy of the tombstone journal is left")
    back.add_argument("--no-replay", action="store_true", help="stop before the tombstones are replayed")
    back.add_argument("--force", action="store_true", help="replace what is in the database")
    back.add_argument("--yes", action="store_true", help="do not ask")


def backup(places: Places, asked: argparse.Namespace) -> int:
    """Take a backup of this installation, running or not."""
    return _manage(places, ["backup", *_words(asked)])


def restore(places: Places, asked: argparse.Namespace) -> int:
    """Put a backup back into this installation, which must not run.

    :raises Refused: it runs
    """
    who, _facts = processes.read_record(places.run / "launcher.json")
    if processes.alive(who):
        raise Refused("The site is running. Stop it first: python3 dev stop")
    if asked.force and not asked.yes:
        say(f"This replaces the database and files of {places.data}. Type yes to go on:")
        if sys.stdin.readline().strip() != "yes":
            say("Nothing was changed.")
            return 1
    # The stamps of what was prepared speak of the database that goes.
    (places.run / "prepared.json").unlink(missing_ok=True)
    return _manage(places, ["restore", *_words(asked)], roles=True)


def _words(asked: argparse.Namespace) -> list[str]:
    """Our options as those of the site's command; folders are meant from where one stands."""
    words = [str(Path(asked.folder).absolute())]
    for name in ("keys", "passphrase_file"):
        if given := getattr(asked, name):
            words.append(f"--{name.replace('_', '-')}={Path(given).absolute()}")
    flags = ("json", "without_keys", "journal_lost", "no_replay", "force")
    return words + [f"--{name.replace('_', '-')}" for name in flags if getattr(asked, name, False)]


def _manage(places: Places, words: list[str], *, roles: bool = False) -> int:
    # Standard output is the command's alone (the child has the real one): --json is meant for a program.
    with redirect_stdout(sys.stderr):
        environment.ensure(places)
        servers = Servers(places)
        try:
            servers.open()
            env = preparation.as_owner(servers.environment())
            if roles:
                words += preparation.serving_roles(servers.environment()) or ["--role=none"]
            return subprocess.run(
                preparation.site_command(places, *words),
                cwd=ROOT,
                env=_with_programs(places, env),
                check=False,
            ).returncode
        finally:
            servers.close()


def _with_programs(places: Places, env: dict[str, str]) -> dict[str, str]:
    try:
        folder = postgres_bin(places.venv, places.account)
    except Missing:
        return env
    return {"ANXIN_POSTGRES_BIN": str(folder), **env}

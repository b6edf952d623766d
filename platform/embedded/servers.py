"""The database and the broker the site uses: the given ones, or our own for as long as needed."""

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from embedded import processes
from embedded.binaries import postgres_bin, valkey_server
from embedded.places import ROOT, Places, say
from embedded.postgres import Cluster, StartFailed
from embedded.valkey import Valkey

ROLES = ("owner", "app", "portal")


@dataclass
class Servers:
    """What runs for one installation. `open` starts what is missing; the last one to `close` stops it."""

    places: Places
    cluster: Cluster | None = None
    valkey: Valkey | None = None
    _users: IO[bytes] | None = field(default=None, repr=False)

    def open(self) -> None:
        """Have both servers running.

        :raises Missing: a program is not on this machine.
        :raises StartFailed: a server does not come up.
        """
        self.places.make()
        with self._starting():
            if self._users is None:
                self._users = (self.places.run / "users.lock").open("ab")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            if not os.environ.get("DATABASE_URL"):
                self._open_postgres()
            if not os.environ.get("REDIS_URL"):
                self._open_valkey()

    def close(self) -> None:
        """Stop our own servers unless somebody else still uses them."""
        if self._users is not None:
            with self._starting():
                users, self._users = self._users, None
                self._stop_unless_used(users)

    def stop_left_over(self) -> None:
        """Stop the servers that a killed command left, unless somebody uses them."""
        self.cluster, self.valkey = self._our_cluster(Path()), self._our_valkey(Path())
        with self._starting():
            self._stop_unless_used((self.places.run / "users.lock").open("ab"))

    def lost(self) -> bool:
        """Whether one of our own servers has died."""
        return any(server is not None and server.running() is None for server in (self.cluster, self.valkey))

    def _stop_unless_used(self, users: IO[bytes]) -> None:
        with users:
            try:
                # A lock lives no longer than its process: users that were killed do not count.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            for server in (self.valkey, self.cluster):
                if server is not None:
                    server.stop()

    def environment(self) -> dict[str, str]:
        """What the site's processes find in their environment."""
        env = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            "ANXIN_MODE": "demo",
            "ANXIN_SECRET_KEY": self.places.secret("secret_key"),
            **os.environ,
            "ANXIN_DATA": str(self.places.data),
        }
        if self.cluster is not None:
            for role, name in zip(
                ROLES, ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_PORTAL_URL"), strict=True
            ):
                secret = self.places.secret(role)
                env[name] = f"postgres://anxin_{role}:{secret}@127.0.0.1:{self.cluster.port}/anxin"
        else:
            for name in ("DATABASE_OWNER_URL", "DATABASE_PORTAL_URL"):
                env.setdefault(name, env["DATABASE_URL"])
        if self.valkey is not None:
            env["REDIS_URL"] = f"redis://:{self.valkey.password}@127.0.0.1:{self.valkey.port}/0"
        return env

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self.places.run / "servers.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open_postgres(self) -> None:
        places, record = self.places, self.places.run / "postgres.json"
        prepared, facts = processes.read_record(record)
        if self.cluster is None:
            port = facts.get("port")
            self.cluster = self._our_cluster(postgres_bin(places.venv, places.account))
            self.cluster.port = port if isinstance(port, int) else 0
        if not self.cluster.data.is_dir():
            say(f"Making a database in {self.cluster.data} …")
        self.cluster.ensure()
        who = self.cluster.running()
        if who is not None and who != prepared:
            self._prepare(self.cluster)
            processes.write_record(record, who, port=self.cluster.port)

    def _our_cluster(self, programs: Path) -> Cluster:
        places = self.places
        return Cluster(
            programs=programs,
            data=places.servers / "postgres",
            log=places.logs / "postgres.log",
            password=places.secret("superuser"),
            account=places.account,
        )

    def _our_valkey(self, program: Path) -> Valkey:
        places = self.places
        return Valkey(
            program=program,
            data=places.servers / "valkey",
            log=places.logs / "valkey.log",
            record=places.run / "valkey.json",
            password=places.secret("valkey"),
            account=places.account,
        )

    def _prepare(self, cluster: Cluster) -> None:
        wish = {
            "port": cluster.port, "data": str(cluster.data), "superuser": cluster.password,
            "passwords": {role: self.places.secret(role) for role in ROLES},
        }  # fmt: skip
        command = [str(self.places.python), "-m", "embedded.roles"]
        done = subprocess.run(
            command, cwd=ROOT, input=json.dumps(wish), text=True, check=False, stderr=subprocess.PIPE
        )
        if done.returncode:
            raise StartFailed(f"The database's roles could not be made:\n{done.stderr.strip()}")

    def _open_valkey(self) -> None:
        if self.valkey is None:
            self.valkey = self._our_valkey(valkey_server(self.places.venv, self.places.account))
        self.valkey.ensure()

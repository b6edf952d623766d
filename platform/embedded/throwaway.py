"""A Postgres for one test run: made in a second, never synced, gone afterwards."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from embedded import processes, roles
from embedded.binaries import Account, postgres_bin
from embedded.postgres import Cluster

PREFIX = "anxin-test-"
PASSWORD = "throw-away"


def lend(*, keep: Path | None = None) -> tuple[Cluster, str]:
    """A running cluster and the URL of its owner role; with `keep` it stays for the next run."""
    if keep is None:
        sweep()
        home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    else:
        home = keep.absolute()
        home.mkdir(parents=True, exist_ok=True)
    # `nobody` must be able to walk through; the data folder itself is 0700.
    home.chmod(0o711)
    account = Account.current()
    cluster = Cluster(
        programs=postgres_bin(Path(sys.prefix), account),
        data=home / "postgres",
        log=home / "postgres.log",
        password=PASSWORD,
        account=account,
        hasty=True,
    )
    port = cluster.ensure()
    roles.prepare(
        port=port,
        data=str(cluster.data),
        superuser=PASSWORD,
        passwords=dict.fromkeys(roles.ROLES, PASSWORD),
        createdb=True,
    )
    return cluster, roles.url("owner", password=PASSWORD, port=port)


def give_back(cluster: Cluster) -> None:
    cluster.stop()
    shutil.rmtree(cluster.data.parent, ignore_errors=True)


def sweep() -> None:
    """Stop and remove what killed test runs left behind."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        pid = home.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and processes.identify(int(pid)) is None:
            give_back(
                Cluster(Path(), home / "postgres", home / "log", PASSWORD, Account.current(), hasty=True)
            )

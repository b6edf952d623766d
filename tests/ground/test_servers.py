"""Who needs the servers starts them, and the last one out stops them, whatever happened in between."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embedded import binaries, processes
from embedded import places as places_module
from embedded.binaries import Account, Missing
from embedded.places import ROOT, Places
from embedded.servers import Servers
from tests.ground.conftest import eventually, kill

HOLDER = """
import sys, time
from pathlib import Path
from embedded.places import Places
from embedded.servers import Servers
servers = Servers(Places(data=Path(sys.argv[1]), venv=Path(sys.prefix)))
servers.open()
print("open", flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def _holder(places: Places) -> subprocess.Popen[str]:
    """Another process that has the servers open."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(places.data)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    while holder.stdout.readline() != "open\n":
        assert holder.poll() is None
    return holder


def test_secrets_and_data_are_closed_to_others(places: Places) -> None:
    servers = Servers(places)
    servers.open()
    try:
        assert places.data.stat().st_mode & 0o077 in (0o011, 0)
        assert set(_modes(places.data).values()) == {0o700}
        assert set(_modes(places.data / "secrets").values()) == {0o600}
        env = servers.environment()
        assert len({env["DATABASE_URL"], env["DATABASE_OWNER_URL"], env["DATABASE_PORTAL_URL"]}) == 3
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert places.secret("superuser") not in listed
        assert places.secret("valkey") not in listed
    finally:
        servers.close()


def test_the_last_one_out_stops_them(places: Places) -> None:
    first, second = Servers(places), Servers(places)
    first.open()
    second.open()
    assert first.environment() == second.environment()
    first.close()
    assert not second.lost()
    second.close()
    assert second.lost()


def test_a_user_that_was_killed_does_not_count(places: Places) -> None:
    holder = _holder(places)
    servers = Servers(places)
    servers.open()
    holder.kill()
    holder.wait()
    servers.close()
    assert servers.lost()


def test_servers_of_a_killed_launcher_are_stopped_later(places: Places) -> None:
    holder = _holder(places)
    holder.kill()
    holder.wait()
    servers = Servers(places)
    servers.stop_left_over()
    assert servers.lost()


def test_both_come_back_after_sigkill(places: Places) -> None:
    servers = Servers(places)
    servers.open()
    try:
        before = servers.environment()
        assert servers.cluster and servers.valkey
        kill(servers.cluster.running())
        kill(servers.valkey.running())
        assert servers.lost()
        servers.open()
        assert not servers.lost()
        assert servers.environment() == before
    finally:
        servers.close()


def test_given_servers_are_used_and_nothing_is_started(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me:word@db.example/shop")
    monkeypatch.setenv("REDIS_URL", "redis://db.example/0")
    servers = Servers(places)
    servers.open()
    env = servers.environment()
    assert env["DATABASE_URL"] == env["DATABASE_OWNER_URL"] == "postgres://me:word@db.example/shop"
    assert env["REDIS_URL"] == "redis://db.example/0"
    assert servers.cluster is None
    assert servers.valkey is None
    servers.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its servers to another account")
class TestAsRoot:
    def test_the_servers_do_not_run_as_root(self, places: Places) -> None:
        servers = Servers(places)
        servers.open()
        try:
            assert servers.cluster and servers.valkey
            for who in (servers.cluster.running(), servers.valkey.running()):
                assert who is not None
                assert Path(f"/proc/{who.pid}").stat().st_uid != 0
        finally:
            servers.close()

    def test_a_closed_checkout_is_left_closed(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(binaries, "CACHE", home / "cache")
        monkeypatch.setattr(places_module, "STATE", home / "state")
        packages = binaries.site_packages(Path(sys.prefix))
        monkeypatch.setattr(
            Account, "reaches", lambda self, path: str(home) in str(path) and "closed" not in str(path)
        )
        closed = home / "closed"
        closed.mkdir(mode=0o700)
        own = Places(data=closed / "var", venv=Path(sys.prefix))
        servers = Servers(own)
        servers.open()
        try:
            assert servers.cluster is not None
            assert servers.cluster.data.is_relative_to(home / "state")
            assert servers.cluster.programs.is_relative_to(home / "cache")
            assert closed.stat().st_mode & 0o777 == 0o700
            assert packages is not None
        finally:
            servers.close()

    def test_an_ordinary_user_needs_no_other_account(self, home: Path) -> None:
        system = Path("/usr/bin/python3")
        if not system.exists() or not Account("nobody").reaches(Path(sys.prefix) / "x"):
            pytest.skip("no system Python, or the checkout is closed to nobody")
        account = Account.current()
        account.own(home)
        holder = subprocess.Popen(
            [system, "-B", "-c", ORDINARY, str(home / "own"), sys.prefix],
            cwd="/", env={"PYTHONPATH": str(ROOT / "platform"), "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE, text=True, **account.drop,
        )  # fmt: skip
        assert holder.stdout is not None
        said = holder.stdout.read().split()
        assert holder.wait() == 0, said
        assert said[0] == "700"
        assert said[2] == "stopped"
        assert eventually(lambda: not processes.working_in(home / "own" / "postgres"))


ORDINARY = """
import os, sys
from pathlib import Path
from embedded.binaries import Account, postgres_bin, valkey_server
from embedded.postgres import Cluster
from embedded.valkey import Valkey
home, venv, account = Path(sys.argv[1]), Path(sys.argv[2]), Account.current()
assert account.name is None
home.mkdir(mode=0o700)
postgres, broker = postgres_bin(venv, account), valkey_server(venv, account)
cluster = Cluster(postgres, home / "postgres", home / "pg.log", "secret", account, hasty=True)
valkey = Valkey(broker, home / "valkey", home / "v.log", home / "v.json", "secret", account)
cluster.ensure(), valkey.ensure()
print(oct(cluster.data.stat().st_mode & 0o777)[2:], os.stat(f"/proc/{cluster.running().pid}").st_uid)
valkey.stop(), cluster.stop()
print("stopped" if cluster.running() is None and valkey.running() is None else "running")
"""


def test_a_machine_without_any_server_is_told_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "DEBIAN_POSTGRES", home)
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(Missing, match="apt-get install postgresql"):
        binaries.postgres_bin(home, Account())
    with pytest.raises(Missing, match="apt-get install redis-server"):
        binaries.valkey_server(home, Account())

"""Our own Postgres: started, adopted, killed, started again; never somebody else's."""

import socket
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from embedded import processes, roles
from embedded.postgres import Cluster, StartFailed
from tests.ground.conftest import kill

View = Callable[..., Cluster]


def _ask(port: int, statement: str, *, password: str = "secret") -> object:
    link = psycopg2.connect(
        host="127.0.0.1", port=port, user="postgres", password=password, dbname="postgres"
    )
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        link.close()


class TestStarting:
    def test_it_listens_on_this_machine_alone_and_wants_a_password(self, cluster: View) -> None:
        port = cluster().ensure()
        assert _ask(port, "SHOW listen_addresses") == "127.0.0.1"
        assert _ask(port, "SHOW unix_socket_directories") == ""
        with pytest.raises(psycopg2.OperationalError, match="password"):
            _ask(port, "SELECT 1", password="guess")

    def test_its_folder_is_closed(self, cluster: View) -> None:
        server = cluster()
        server.ensure()
        assert server.data.stat().st_mode & 0o777 == 0o700

    def test_it_sees_letters_in_chinese_text(self, cluster: View) -> None:
        server = cluster()
        names = dict.fromkeys(roles.ROLES, "secret")
        port = server.ensure()
        roles.prepare(port=port, data=str(server.data), superuser="secret", passwords=names)
        roles.check_letters(roles.url("owner", password="secret", port=port))

    def test_none_of_the_three_roles_is_a_superuser(self, cluster: View) -> None:
        server = cluster()
        port = server.ensure()
        for _ in range(2):
            names = dict.fromkeys(roles.ROLES, "secret")
            roles.prepare(port=port, data=str(server.data), superuser="secret", passwords=names)
        might = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication"
        assert _ask(port, f"SELECT count(*) FROM pg_roles WHERE rolname LIKE 'anxin%' AND ({might})") == 0
        assert _ask(port, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'anxin%'") == 3


class TestComingBack:
    def test_a_second_launcher_adopts_what_the_first_left(self, cluster: View) -> None:
        first = cluster()
        port, who = first.ensure(), first.running()
        second = cluster()
        assert second.ensure() == port
        assert second.running() == who

    def test_acknowledged_rows_survive_sigkill(self, cluster: View) -> None:
        first = cluster(hasty=False)
        port = first.ensure()
        _ask(port, "CREATE TABLE kept AS SELECT 42 AS answer")
        kill(first.running())
        again = cluster(hasty=False)
        assert _ask(again.ensure(), "SELECT answer FROM kept") == 42

    def test_a_killed_server_comes_back_on_its_port(self, cluster: View) -> None:
        server = cluster()
        port = server.ensure()
        kill(server.running())
        assert server.running() is None
        assert server.ensure() == port

    def test_a_half_made_folder_is_made_anew(self, cluster: View, home: Path) -> None:
        draft = home / "postgres.new"
        draft.mkdir()
        (draft / "base").mkdir()
        assert cluster().ensure()

    def test_stopping_leaves_nothing(self, cluster: View) -> None:
        server = cluster()
        server.ensure()
        who = server.running()
        assert who is not None
        server.stop()
        assert not processes.alive(who)
        assert not processes.working_in(server.data)
        assert not (server.data / "postmaster.pid").exists()


class TestStrangers:
    def test_a_taken_port_is_left_to_who_has_it(self, cluster: View) -> None:
        server = cluster()
        server.ensure()
        server.stop()
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            server.port = taken.getsockname()[1]
            assert server.ensure() != taken.getsockname()[1]

    def test_a_lock_file_with_a_stranger_s_number_is_not_believed(
        self, cluster: View, stranger: processes.Identity
    ) -> None:
        server = cluster()
        port = server.ensure()
        server.stop()
        lines = [str(stranger.pid), str(server.data), "0", str(port), "", "127.0.0.1", "0 0", "ready", ""]
        (server.data / "postmaster.pid").write_text("\n".join(lines))
        assert server.running() is None
        assert server.ensure()
        assert server.running() != stranger
        server.stop()
        assert processes.alive(stranger)

    def test_another_server_on_the_port_is_refused(self, cluster: View, home: Path) -> None:
        server = cluster()
        port = server.ensure()
        with pytest.raises(roles.NotOurs):
            roles.prepare(port=port, data=str(home / "other"), superuser="secret", passwords={})

    def test_a_failed_start_shows_the_end_of_the_log(self, cluster: View) -> None:
        server = cluster()
        server.ensure()
        server.stop()
        (server.data / "PG_VERSION").write_text("9\n")
        with pytest.raises(StartFailed, match="incompatible"):
            cluster().ensure()
        (server.data / "PG_VERSION").write_text("18\n")

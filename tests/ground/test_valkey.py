"""Our own Valkey: started, adopted, killed, started again; never somebody else's."""

import socket
from collections.abc import Callable

import pytest
import redis

from embedded import processes
from embedded.valkey import Valkey
from tests.ground.conftest import kill

View = Callable[[], Valkey]


def _client(port: int, password: str | None = "secret") -> redis.Redis:
    return redis.Redis(port=port, password=password)


def test_it_wants_a_password_that_no_command_line_shows(valkey: View) -> None:
    server = valkey()
    port = server.ensure()
    assert _client(port).ping()
    with pytest.raises(redis.AuthenticationError):
        _client(port, None).ping()
    who = server.running()
    assert who is not None
    assert "secret" not in processes.command_line(who.pid)
    assert (server.data / "valkey.conf").stat().st_mode & 0o777 == 0o600


def test_a_second_launcher_adopts_what_the_first_left(valkey: View) -> None:
    first = valkey()
    port, who = first.ensure(), first.running()
    second = valkey()
    assert second.ensure() == port
    assert second.running() == who


def test_keys_survive_sigkill(valkey: View) -> None:
    server = valkey()
    _client(server.ensure()).set("kept", "yes")
    kill(server.running())
    again = valkey()
    assert _client(again.ensure()).get("kept") == b"yes"


def test_stopping_leaves_nothing(valkey: View) -> None:
    server = valkey()
    server.ensure()
    who = server.running()
    server.stop()
    assert not processes.alive(who)
    assert not server.record.exists()


def test_a_note_with_a_stranger_s_number_is_not_believed(valkey: View, stranger: processes.Identity) -> None:
    server = valkey()
    processes.write_record(server.record, processes.Identity(stranger.pid, "another time"), port=1)
    assert server.running() is None
    server.ensure()
    server.stop()
    assert processes.alive(stranger)


def test_a_taken_port_is_left_to_who_has_it(valkey: View) -> None:
    server = valkey()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server.port = taken.getsockname()[1]
        assert server.ensure() != taken.getsockname()[1]

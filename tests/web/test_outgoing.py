"""Calls that leave the house: named origins only, a checked address, no redirect, an end in time."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from web import outgoing
from web.outgoing import NotAllowed, Origin


class Server:
    """Says one prepared thing to whoever calls, byte by byte if it must drip."""

    def __init__(self, said: bytes, *, drip: float = 0) -> None:
        self.heard = b""
        self._said, self._drip = said, drip
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            while True:
                self._talk(self._door.accept()[0])
        except OSError:
            return

    def _talk(self, caller: socket.socket) -> None:
        try:
            self.heard += caller.recv(65536)
            pieces = [bytes([one]) for one in self._said] if self._drip else [self._said]
            for piece in pieces:
                caller.sendall(piece)
                time.sleep(self._drip)
        except OSError:
            pass
        finally:
            caller.close()

    def close(self) -> None:
        self._door.close()


@pytest.fixture
def serve(settings) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    servers: list[Server] = []

    def start(said: bytes, *, drip: float = 0) -> Origin:
        servers.append(Server(said, drip=drip))
        place = Origin("http", "127.0.0.1", servers[-1].port, inside=True)
        settings.OUTGOING = frozenset({place})
        return place

    start.servers = servers  # type: ignore[attr-defined]
    yield start
    for server in servers:
        server.close()


def _post(place: Origin, path: str = "/x", **limits: float) -> outgoing.Answer:
    return outgoing.post(place, path, body=b"{}", headers={"X-A": "1"}, **limits)  # type: ignore[arg-type]


def test_a_named_origin_is_asked_and_answers(serve):  # type: ignore[no-untyped-def]
    place = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert _post(place) == outgoing.Answer(200, b"ok", {"content-length": "2"})
    assert serve.servers[0].heard.startswith(b"POST /x HTTP/1.1")


def test_a_redirect_is_an_answer_and_not_followed(serve):  # type: ignore[no-untyped-def]
    place = serve(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    assert _post(place).status == 302
    assert serve.servers[0].heard.count(b"POST") == 1


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,
        b"\x00\x01 nonsense\r\n\r\n",
        b"",
    ],
    ids=["too long", "cut short", "too long without saying so", "no http", "nothing"],
)
def test_an_answer_that_cant_be_used_counts_as_none(serve, said: bytes):  # type: ignore[no-untyped-def]
    assert _post(serve(said), limit=1000).status == 0


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_dripping_answer_ends_the_call_in_time(serve, where: str):  # type: ignore[no-untyped-def]
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"
    place = serve(head * (5 if where == "head" else 1) + b"x" * 400, drip=0.05)
    assert _post(place, timeout=0.3).status == 0


def test_nobody_there_is_no_answer(settings):  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as door:
        place = Origin("http", "127.0.0.1", door.getsockname()[1], inside=True)
    settings.OUTGOING = frozenset({place})
    assert _post(place).status == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"host": "localhost"},
        {"host": "127.1"},
        {"host": "evil.example"},
        {"port": 22},
        {"scheme": "https"},
        {"inside": False},
    ],
)
def test_an_origin_that_the_settings_dont_name_is_refused(serve, changed: dict):  # type: ignore[no-untyped-def, type-arg]
    named = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    values = {"scheme": named.scheme, "host": named.host, "port": named.port, "inside": True}
    with pytest.raises(NotAllowed):
        _post(Origin(**{**values, **changed}))
    assert serve.servers[0].heard == b""


@pytest.mark.parametrize(
    "path", ["", "x", "//evil\r\nHost: a", "/a b", "/\x00", "/退", "http://evil/", "/a\r\nX-B: 1", "/a#b"]
)
def test_a_path_that_is_none_is_refused(serve, path: str):  # type: ignore[no-untyped-def]
    with pytest.raises(NotAllowed):
        _post(serve(b"HTTP/1.1 200 OK\r\n\r\n"), path)
    assert serve.servers[0].heard == b""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "fd00::1",
        "fe80::1%eth0",
        "224.0.0.1",
        "ff02::1",
    ],
)
def test_a_public_name_that_leads_inside_is_refused(settings, monkeypatch, address: str):  # type: ignore[no-untyped-def]
    place = Origin.of("https://provider.example")
    settings.OUTGOING = frozenset({place})
    asked = []

    def look_up(host: str, port: int, **_: object) -> list[tuple]:  # type: ignore[type-arg]
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", (address, port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", look_up)
    with pytest.raises(NotAllowed):
        _post(place)
    assert asked == ["provider.example"]


def test_the_checked_address_is_the_one_that_is_called(settings, monkeypatch):  # type: ignore[no-untyped-def]
    place = Origin.of("https://provider.example")
    settings.OUTGOING = frozenset({place})
    answers = iter([[(2, 1, 6, "", ("93.184.216.34", 443))], [(2, 1, 6, "", ("127.0.0.1", 443))]])
    called = []
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: next(answers))

    def connect(address: tuple[str, int], *_: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    assert _post(place).status == 0
    assert called == [("93.184.216.34", 443)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "https://u:p@a.example",
        "https://",
        "//a.example",
        "file:///etc/passwd",
        "http://a.example",
    ],
)
def test_only_encrypted_origins_without_credentials_can_be_named(url: str):
    with pytest.raises(NotAllowed):
        Origin.of(url)


def test_outside_of_the_sandbox_nothing_is_named_by_itself(settings):  # type: ignore[no-untyped-def]
    assert {one.inside for one in settings.OUTGOING} == {True}

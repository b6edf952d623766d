"""The only way out: calls go to named origins, to a checked address, follow nothing and end in time.

Against requests forged through the server (ASVS 5.0, 1.3.6 and 15.3.2): host, port and scheme come from the
settings and never from data; a public name that leads to an inside address is refused. The one exception are
the addresses that shops give for webhooks (`stranger`): https, usual ports, public addresses, nothing else.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 5.0
LIMIT_BYTES = 1024 * 1024
_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}
STRANGERS_PORTS = (443, 8443)
LOOPBACK = ("127.0.0.1", "localhost")
# At least two labels, and the last has a letter: no number that some reader takes for an address.
_PUBLIC_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


class NotAllowed(ValueError):
    """A programming or settings error: this call may not leave. Names the reason, never the data."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where we may call. `inside` allows an address of this machine or network."""

    scheme: str
    host: str
    port: int
    inside: bool = False

    @classmethod
    def of(cls, url: str, *, inside: bool = False) -> Origin:
        """:raises NotAllowed: for anything but http(s)://host[:port]; http only inside"""
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username or parts.password:
            raise NotAllowed("an origin looks like https://host:port")
        if parts.scheme == "http" and not inside:
            raise NotAllowed("outside calls are encrypted: use https")
        return cls(parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme], inside)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status 0: nobody answered in time, or the answer was cut off. Header names are in lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def post(
    origin: Origin,
    path: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float = TIMEOUT_SECONDS,
    limit: int = LIMIT_BYTES,
    method: str = "POST",
) -> Answer:
    """Call an origin of the settings; redirects come back as they are, a longer body counts as none.

    `timeout` in seconds holds for the whole call, `limit` in bytes for the answer.

    :raises NotAllowed: an origin that the settings don't name, a path that is none, an inside address
    """
    if origin not in settings.OUTGOING:
        raise NotAllowed("this origin is not in OUTGOING")
    return _call(origin, path, body=body, headers=headers, timeout=timeout, limit=limit, method=method)


def stranger(url: str, *, loopback: bool = False) -> tuple[Origin, str]:
    """Where an address that somebody typed leads: origin and path. Nothing is looked up yet.

    `loopback` lets http to this very machine pass, for demo and tests.

    :raises NotAllowed: for all but https to a public name at a usual port, with a plain path
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as odd:
        raise NotAllowed("not an address") from odd
    # urlsplit drops tabs and line breaks by itself; what isn't written plainly isn't meant.
    if not url.isascii() or any(each <= " " for each in url) or "\\" in url:
        raise NotAllowed("not an address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.fragment or "@" in parts.netloc or not _PATH.fullmatch(path):
        raise NotAllowed("not a plain address")
    if loopback and parts.scheme == "http" and host in LOOPBACK and port:
        return Origin("http", host, port, inside=True), path
    if parts.scheme != "https" or (port or 443) not in STRANGERS_PORTS or not _PUBLIC_NAME.fullmatch(host):
        raise NotAllowed("only https to a public name, port 443 or 8443")
    return Origin("https", host, port or 443), path


def post_to_stranger(
    origin: Origin, path: str, *, body: bytes, headers: Mapping[str, str], limit: int = LIMIT_BYTES
) -> Answer:
    """Call what `stranger` gave; its name is looked up once, and that address must be public.

    :raises NotAllowed: an inside address behind a public name, or a place that isn't loopback
    """
    if origin.inside and origin.host not in LOOPBACK:
        raise NotAllowed("only this machine is inside")
    return _call(
        origin, path, body=body, headers=headers, timeout=TIMEOUT_SECONDS, limit=limit, method="POST"
    )


def _call(
    origin: Origin,
    path: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float,
    limit: int,
    method: str,
) -> Answer:
    if not _PATH.fullmatch(path):
        raise NotAllowed("not a path")
    try:
        connection = _connection(origin, timeout)
    except OSError:
        return Answer(0)
    return _ask(connection, method, path, body, headers, timeout=timeout, limit=limit)


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float,
    limit: int,
) -> Answer:
    cut = threading.Event()
    # A socket's own time-out starts anew with each byte; this one ends the call.
    watch = threading.Timer(timeout, _cut_off, [connection, cut])
    watch.start()
    try:
        connection.request(method, path, body or None, dict(headers))
        answer = connection.getresponse()
        found = answer.read(limit + 1)
        # What the header promised and didn't send is still counted in `length`.
        unusable = cut.is_set() or len(found) > limit or bool(answer.length)
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(0) if unusable else Answer(answer.status, found, said)
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        watch.cancel()
        connection.close()


def _cut_off(connection: http.client.HTTPConnection, cut: threading.Event) -> None:
    cut.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _connection(origin: Origin, timeout: float) -> http.client.HTTPConnection:
    address = _address(origin)
    made: http.client.HTTPConnection
    if origin.scheme == "https":
        context = ssl.create_default_context()
        made = http.client.HTTPSConnection(origin.host, origin.port, timeout=timeout, context=context)
    else:
        made = http.client.HTTPConnection(origin.host, origin.port, timeout=timeout)
    # The address that was checked is the one that is called: a second look-up may answer differently.
    made._create_connection = lambda _place, *rest: socket.create_connection(address, *rest)  # type: ignore[attr-defined]
    return made


def _address(origin: Origin) -> tuple[str, int]:
    found = socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not origin.inside and not all(map(_is_public, addresses)):
        raise NotAllowed("a public name led to an inside address")
    return addresses[0], origin.port


def _is_public(text: str) -> bool:
    address: Any = ipaddress.ip_address(text.partition("%")[0])
    return bool((getattr(address, "ipv4_mapped", None) or address).is_global) and not address.is_multicast

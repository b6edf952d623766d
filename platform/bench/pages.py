"""Product and category page over granian, against a bare view served the same way."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import stalls
from bench.measuring import Figure, Round, compare, count
from catalog.models import Listing
from kernel import clock

SECONDS, WARM_UP = 1.5, 30
# Parts of a page that the browser fetches by itself.
_FRAGMENTS = re.compile(r'hx-get="([^"?][^"]*)" hx-trigger="(?:revealed|load)')
SITE, BARE = "config.wsgi:application", "bench.bare:application"


def product(*, rounds: int) -> Figure:
    """A product page of ten thousand; every pass is a new visitor without cookies."""
    stalls.set_up(at=clock.now())
    keys = Listing.objects.live().order_by("id").values_list("id", flat=True)[:500]
    return _page("product", [f"/p/{key}/" for key in keys], rounds=rounds)


def category(*, rounds: int) -> Figure:
    """The first page of each category, 24 offers with facet counts."""
    stalls.set_up(at=clock.now())
    slugs = Listing.objects.live().order_by("category_id").values_list("category_id", flat=True).distinct()
    return _page("category", [f"/c/{slug}/" for slug in slugs], rounds=rounds)


def _page(name: str, paths: list[str], *, rounds: int) -> Figure:
    with _served(SITE) as ours, _served(BARE) as floor:
        sizes = {who: len(_get(port, paths[0])) for who, port in (("ours", ours), ("floor", floor))}
        return compare(
            name,
            _visits(ours, paths),
            _visits(floor, paths),
            rounds=rounds,
            statements=statements(paths[0], paths[1 % len(paths)]),
            bytes=sizes,
        )


def statements(warm: str, path: str) -> int:
    """Of a page with all that it embeds, for a visitor with a session and something in the cart."""
    client = Client()
    client.get(warm)
    session = client.session
    session["cart_count"] = 2
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    with CaptureQueriesContext(connection) as taken:
        for part in _FRAGMENTS.findall(_open(client, path)):
            _open(client, part, {"HX-Request": "true"})
    return count(taken)


def _open(client: Client, path: str, headers: dict[str, str] | None = None) -> str:
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer.content.decode()


def _visits(port: int, paths: list[str]) -> Round:
    """One keep-alive connection, one request after the other."""
    chance = Random(port)

    def visit() -> Iterator[float]:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        until = time.perf_counter() + SECONDS
        try:
            while (began := time.perf_counter()) < until:
                link.request("GET", chance.choice(paths))
                answer = link.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"port {port} answered {answer.status}")
                yield time.perf_counter() - began
        finally:
            link.close()

    for _ in range(WARM_UP):
        _get(port, chance.choice(paths))
    return visit


def _get(port: int, path: str) -> bytes:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path)
        return link.getresponse().read()
    finally:
        link.close()


@contextmanager
def _served(application: str) -> Iterator[int]:
    """One granian worker with one thread on a free port, as the site itself is served."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
               "--port", str(port), "--workers", "1", "--blocking-threads", "1", "--no-ws",
               application]  # fmt: skip
    env = {**os.environ, "ANXIN_PORT": str(port)}
    server = subprocess.Popen(
        command, cwd=settings.ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    limit = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < limit:
        try:
            _get(port, "/c/home/")
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("granian did not answer")

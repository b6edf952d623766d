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
from statistics import median
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import stalls
from bench.measuring import Figure, Round, compare, count, timed
from bench.processor import Meter
from catalog.models import Listing
from kernel import clock

SECONDS, WARM_UP, PRODUCTS = 1.5, 30, 200
# Parts of a page that the browser fetches by itself.
_FRAGMENTS = re.compile(r'hx-get="([^"?][^"]*)" hx-trigger="(?:revealed|load)')
SITE, BARE = "config.wsgi:application", "bench.bare:application"


def product(*, rounds: int) -> Figure:
    """A product page of ten thousand; every pass is a new visitor without cookies."""
    stalls.set_up(at=clock.now())
    keys = Listing.objects.live().order_by("id").values_list("id", flat=True)[:PRODUCTS]
    return _page("product", [f"/p/{key}/" for key in keys], rounds=rounds)


def category(*, rounds: int) -> Figure:
    """The first page of each category, 24 offers with facet counts."""
    return _page("category", categories(), rounds=rounds)


def search(*, rounds: int) -> Figure:
    """What two characters find, against a bare shelf of as many rows that searches nothing."""
    shelves = categories()
    return _page("search", [f"/search?q={quote(word)}" for word in words()], rounds=rounds, floor=shelves)


def home(*, rounds: int) -> Figure:
    """The home page, against a bare shelf of 24 rows."""
    return _page("home", ["/"], rounds=rounds, floor=categories())


def categories() -> list[str]:
    """The address of every category with goods."""
    stalls.set_up(at=clock.now())
    slugs = Listing.objects.live().order_by("category_id").values_list("category_id", flat=True).distinct()
    return [f"/c/{slug}/" for slug in slugs]


def words() -> list[str]:
    """The last two characters of the titles on sale: what the goods are called, most of all in Chinese."""
    titles = Listing.objects.live().order_by("working_title").values_list("working_title", flat=True)
    found = (re.findall(r"[\u4e00-\u9fff]{2}", title) for title in titles.distinct()[:200])
    return sorted({each[-1] for each in found if each})[:20]


def _page(name: str, paths: list[str], *, rounds: int, floor: list[str] | None = None) -> Figure:
    """Measured warm, each page visited once before; `first_ms` is the median of those first visits.

    `cpu_ms` is the processor time of one page.
    """
    with _served(SITE) as (ours, meter), _served(BARE) as (bare, floor_meter):
        firsts = [timed(lambda path=path: _get(ours, path)) for path in paths]  # type: ignore[misc]
        sizes = {"ours": len(_get(ours, paths[0])), "floor": len(_get(bare, (floor or paths)[0]))}
        figure = compare(
            name,
            _visits(ours, paths, meter),
            _visits(bare, floor or paths, floor_meter),
            rounds=rounds,
            statements=statements(paths[0], paths[1 % len(paths)]),
            bytes=sizes,
            pages=len(paths),
            first_ms=round(median(firsts) * 1000, 1),
        )
        spent = {"ours": meter.ms, "floor": floor_meter.ms}
        ours_ms, floor_ms = (sum(each.values()) for each in spent.values())
        figure.facts.update(cpu_ms=spent, cpu_ratio=round(ours_ms / max(floor_ms, 0.01), 2))
        return figure


def statements(warm: str, path: str) -> int:
    """Of a page with all that it embeds, for a visitor with a session and something in the cart."""
    return sum(statements_by_part(warm, path))


def statements_by_part(warm: str, path: str) -> list[int]:
    """Of the page itself, then of each part that the browser fetches by itself."""
    client = Client()
    client.get(warm)
    session = client.session
    session["cart_count"] = 2
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    taken, text = _counted(client, path)
    return [taken, *(_counted(client, each, {"HX-Request": "true"})[0] for each in _FRAGMENTS.findall(text))]


def _counted(client: Client, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as taken:
        text = _open(client, path, headers)
    return count(taken), text


def _open(client: Client, path: str, headers: dict[str, str] | None = None) -> str:
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer.content.decode()


def _visits(port: int, paths: list[str], meter: Meter) -> Round:
    """One keep-alive connection, one request after the other."""
    chance = Random(port)

    def visit() -> Iterator[float]:
        link, number = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        meter.start()
        until = time.perf_counter() + SECONDS
        try:
            while (began := time.perf_counter()) < until:
                link.request("GET", chance.choice(paths))
                answer = link.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"port {port} answered {answer.status}")
                number += 1
                yield time.perf_counter() - began
        finally:
            meter.stop(number)
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
def _served(application: str) -> Iterator[tuple[int, Meter]]:
    """One granian worker with one thread on a free port, as the site itself is served; and its meter."""
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
        yield port, Meter(server.pid)
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

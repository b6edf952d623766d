"""The public catalogue in one run: its pages against the bare view, at each size of the shelf."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from django.db import connection
from django.test import Client
from django.urls import reverse

from bench import pages, stalls
from bench.measuring import Figure, timed
from kernel import clock

SMALLEST = 10_000
EACH = 5


def catalog(*, rounds: int, listings: int = SMALLEST) -> list[Figure]:
    """Product, category, search and home page at 10,000 listings and every power of ten up to `listings`.

    Sizes that the shelf has outgrown are left out: it never shrinks.
    """
    there = stalls.set_up(at=clock.now())
    found: list[Figure] = []
    searches: list[float] = []
    sizes = [size for size in _sizes(listings) if size > there / 2] or [there]
    for size in sizes:
        there = stalls.grow(size, progress=lambda done, size=size: _say(done, size))  # type: ignore[misc]
        shown = [bench(rounds=rounds) for bench in (pages.product, pages.category, pages.search, pages.home)]
        kept, fresh = _search_ms(seen=True), _search_ms(seen=False)
        searches.append(fresh)
        shown[1].facts["fresh_ms"] = round(_fresh_ms(pages.categories()), 1)
        shown[2].facts.update(
            kept_ms=round(kept, 1), fresh_ms=round(fresh, 1), fresh_growth=round(fresh / searches[0], 2)
        )
        found += [replace(each, name=f"{each.name} of {there}") for each in shown]
    return found


def _sizes(listings: int) -> Iterator[int]:
    size = SMALLEST
    while size <= max(listings, SMALLEST):
        yield size
        size *= 10


def _say(done: int, size: int) -> None:
    """On the error stream: standard output is the figures' alone."""
    sys.stderr.write(f"\r{done:,} of {size:,} listings" + "\n" * (done >= size))
    sys.stderr.flush()


def _search_ms(*, seen: bool) -> float:
    """The median of a search page in this process, in milliseconds; `seen` before, or after a change."""
    paths = [f"{reverse('catalog:search')}?q={word}" for word in pages.words()]
    if not seen:
        return _fresh_ms(paths)
    client = Client()
    for path in paths:
        client.get(path)
    return median(_asked(client, path) for _ in range(EACH) for path in paths) * 1000


def _fresh_ms(paths: list[str]) -> float:
    """The median of the first visits after something on the shelf has changed, in milliseconds."""
    client, taken = Client(), []
    for path in paths * 2:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO catalog_shelfmark (shelf) VALUES ('')")
        taken.append(_asked(client, path))
    return median(taken[len(paths) :]) * 1000


def _asked(client: Client, path: str) -> float:
    def ask() -> None:
        if client.get(path).status_code != 200:
            raise RuntimeError(f"{path} wasn't answered")

    return timed(ask)

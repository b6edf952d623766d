"""The public catalogue in one run: four pages against the bare view, and how search grows with the shelf."""

from __future__ import annotations

from statistics import median

from django.test import Client
from django.urls import reverse

from bench import pages, stalls
from bench.measuring import Figure, timed
from kernel import clock

SIZES, LARGE = (10_000, 100_000), (10_000, 100_000, 1_000_000)
EACH = 5


def catalog(*, rounds: int, sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """Product, category, search and home page; then search at each size, every word several times."""
    stalls.set_up(at=clock.now())
    shown = [bench(rounds=rounds) for bench in (pages.product, pages.category, pages.search, pages.home)]
    times = {stalls.grow(size): _search_ms() for size in sizes}
    first = next(iter(times.values()))
    growth = {f"search_ms_at_{there}": round(ms, 1) for there, ms in times.items()}
    growth |= {f"search_growth_to_{there}": round(ms / first, 2) for there, ms in times.items()}
    shown[2].facts.update(growth)
    return shown


def _search_ms() -> float:
    """The median of a search page in this process, in milliseconds; each word twice before."""
    client, words = Client(), pages.words()

    def ask(word: str) -> None:
        answer = client.get(reverse("catalog:search"), {"q": word})
        if answer.status_code != 200:
            raise RuntimeError(f"search answered {answer.status_code}")

    for word in words:
        ask(word)
    taken = [timed(lambda word=word: ask(word)) for _ in range(EACH) for word in words]  # type: ignore[misc]
    return median(taken) * 1000

"""Placing an order, against the same writes as raw SQL over psycopg2."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.signing_in import create_account
from bench import stalls
from bench.measuring import Figure, Round, compare, count, timed
from bench.replaying import Replay, recorded
from catalog.models import Listing
from kernel import clock
from kernel.actor import Actor
from orders import cart

EACH, LINES = 12, 3
TOLD = {
    "name": "林未",
    "phone": "138 0013 8000",
    "address": "上海市徐汇区漕溪北路 88 号 6 幢 1204 室",
    "note": "",
}
BACKEND = "accounts.backends.StaffAwareBackend"


def checkout(*, rounds: int) -> Figure:
    """The POST that orders three lines of up to three shops and opens one payment, middleware and CSRF on."""
    stalls.set_up(at=clock.now())
    shopper = Shopper()
    shopper.press(shopper.fill(LINES))
    button = shopper.fill(LINES)
    with CaptureQueriesContext(connection) as taken, recorded() as writes:
        shopper.press(button)
    replay = Replay(writes, kept=shopper.known())
    try:
        return compare(
            "checkout",
            shopper.round(LINES),
            _raw(replay),
            rounds=rounds,
            statements=count(taken),
            statements_of_twenty_lines=shopper.statements(20),
            writes=len(writes),
            lines=LINES,
        )
    finally:
        replay.close()


class Shopper:
    """One signed-in buyer; filling the cart and reading the page are not measured."""

    def __init__(self) -> None:
        email = f"bench-{uuid4().hex}@example.com"
        user = create_account(email=email, display_name="林安", password=None, at=clock.now())
        self.subject_id = user.subject_id
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user, backend=BACKEND)
        self.shelves = _shelves()

    def fill(self, lines: int) -> dict[str, Any]:
        """Put `lines` listings into the cart and read the checkout page; gives its form."""
        for listing_id in self.shelves[:lines]:
            cart.put(
                subject_id=self.subject_id,
                listing_id=listing_id,
                quantity=1,
                actor=Actor.buyer(self.subject_id),
                at=clock.now(),
            )
        text = self.client.get(reverse("orders:checkout")).content.decode()
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', text))
        names = ("csrfmiddlewaretoken", "idempotency_key", "seen_total")
        return TOLD | {name: hidden[name] for name in names}

    def press(self, form: dict[str, Any]) -> None:
        answer = self.client.post(reverse("orders:checkout"), form)
        if answer.status_code != 303:
            raise RuntimeError(f"the checkout answered {answer.status_code}")

    def round(self, lines: int) -> Round:
        def go() -> Iterator[float]:
            for _ in range(EACH):
                form = self.fill(lines)
                yield timed(lambda form=form: self.press(form))  # type: ignore[misc]

        return go

    def statements(self, lines: int) -> int:
        form = self.fill(lines)
        with CaptureQueriesContext(connection) as taken:
            self.press(form)
        return count(taken)

    def known(self) -> set[UUID]:
        """Ids that the replay must leave as they are, because their rows are there."""
        rows = Listing.objects.filter(pk__in=self.shelves).values_list(
            "id", "merchant_id", "live_revision_id"
        )
        return {self.subject_id, *(each for row in rows for each in row)}


def _shelves() -> list[UUID]:
    """Listings of every shop in turn."""
    by_shop: dict[UUID, list[UUID]] = {}
    for listing_id, merchant_id in (
        Listing.objects.live().order_by("id").values_list("id", "merchant_id")[:5000]
    ):
        by_shop.setdefault(merchant_id, []).append(listing_id)
    return [listing_id for row in zip(*by_shop.values(), strict=False) for listing_id in row][:60]


def _raw(replay: Replay) -> Callable[[], Iterator[float]]:
    def go() -> Iterator[float]:
        for _ in range(EACH):
            script = replay.fresh()
            yield timed(lambda script=script: replay.run(script))  # type: ignore[misc]

    return go

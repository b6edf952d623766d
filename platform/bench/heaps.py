"""The pages of orders when there are many: their time and statements beside those of a short book."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from bench import stalls
from bench.measuring import Figure, Side, count, timed
from bench.shoppers import BACKEND, Shopper
from kernel import clock
from merchants.models import Membership
from orders.models import Order, OrderLine
from privacy.subjects import create_subject

SMALLEST, PEOPLE, BUYERS, OWN, EACH, BATCH = 10_000, 1_000, 8, 12, 9, 20_000

# Of a hundred copies these many are in another state than settled; the rest is.
STATES = (
    "CASE WHEN n %% 100 = 0 THEN 'paid' WHEN n %% 100 < 3 THEN 'shipped' WHEN n %% 100 < 6 THEN 'delivered' \
WHEN n %% 100 < 8 THEN 'cancelled' ELSE 'settled' END"
)

# A copy is older than its original. Its cells aren't its buyer's, and no page here opens them: one in two
# hundred is the original buyer's, who sees a long list, the others are of many.
COPY = f"""
WITH made AS MATERIALIZED (
    SELECT gen_random_uuid() AS id, o.id AS old, m.n, {STATES} AS state,
           o.placed_at - interval '1 day' - m.n * interval '20 seconds' AS placed
      FROM generate_series(%(first)s, %(last)s) AS m (n)
      JOIN (SELECT id, placed_at, row_number() OVER (ORDER BY id) - 1 AS place FROM orders_order
             WHERE id = ANY(%(originals)s)) AS o ON o.place = m.n %% %(many)s
), orders AS (
    INSERT INTO orders_order (id, number, subject_id, state, placed_at, paid_at, shipped_at, delivered_at,
        window_ends_at, settles_at, settled_at, closed_at, {{order}})
    SELECT m.id, 'A' || lpad(m.n::text, 10, '0'),
        CASE WHEN m.n %% 199 = 0 THEN o.subject_id ELSE (%(buyers)s::uuid[])[1 + m.n %% %(people)s] END,
        m.state, placed,
        CASE WHEN m.state <> 'cancelled' THEN placed END,
        CASE WHEN m.state IN ('shipped', 'delivered', 'settled') THEN placed END,
        CASE WHEN m.state IN ('delivered', 'settled') THEN placed END,
        CASE WHEN m.state IN ('delivered', 'settled') THEN placed + interval '7 days' END,
        CASE WHEN m.state IN ('delivered', 'settled') THEN placed + interval '10 days' END,
        CASE WHEN m.state = 'settled' THEN placed + interval '10 days' END,
        CASE m.state WHEN 'cancelled' THEN placed WHEN 'settled' THEN placed + interval '10 days' END,
        {{o_order}}
      FROM made m JOIN orders_order o ON o.id = m.old
)
INSERT INTO orders_orderline (id, order_id, {{line}})
SELECT gen_random_uuid(), m.id, {{o_line}} FROM made m JOIN orders_orderline o ON o.order_id = m.old
"""
OWN_COLUMNS = (
    "number", "subject_id", "state", "placed_at", "paid_at", "shipped_at", "delivered_at", "window_ends_at",
    "settles_at", "settled_at", "closed_at",
)  # fmt: skip


LAST_COPY = """
SELECT coalesce(max(substr(number, 2)::bigint), 0) FROM orders_order WHERE number ~ '^A0[0-9]{9}$'
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, who asks for it, and what it took."""

    name: str
    client: Client
    path: str

    def seconds(self) -> float:
        def ask() -> None:
            if (answered := self.client.get(self.path).status_code) != 200:
                raise RuntimeError(f"{self.path} answered {answered}")

        return timed(ask)

    def statements(self) -> int:
        with CaptureQueriesContext(connection) as taken:
            self.seconds()
        return count(taken)


def orders(*, rounds: int, orders: int = 100_000) -> list[Figure]:
    """Each page among 10,000 orders (the floor) and among `orders` (ours); the book never shrinks."""
    stalls.set_up(at=clock.now())
    faithful, originals = _originals()
    there = Order.objects.count()
    small = _measured(grow(max(SMALLEST, there), originals), faithful, rounds=rounds)
    large = _measured(grow(orders, originals), faithful, rounds=rounds)
    return [_figure(*pair, rounds=rounds) for pair in zip(small, large, strict=True)]


Taken = tuple[str, float, int, int]


def _measured(there: int, faithful: Shopper, *, rounds: int) -> list[Taken]:
    """(page, median seconds, statements, orders) of each page; the first visit of each isn't counted."""
    found = []
    for asked in _pages(faithful):
        asked.seconds()
        taken = [asked.seconds() for _ in range(max(3, rounds))]
        found.append((asked.name, median(taken), asked.statements(), there))
    return found


def _figure(small: Taken, large: Taken, *, rounds: int) -> Figure:
    name, few, before, there = small
    _, many, after, grown = large
    return Figure(
        f"orders: {name}",
        Side(many * 1000, 1 / many),
        Side(few * 1000, 1 / few),
        round(few / many, 3),
        round(many / few, 2),
        rounds,
        (round(os.getloadavg()[0], 1), round(os.getloadavg()[0], 1)),
        after,
        {"statements_among_few": before, "few": there, "orders": grown},
    )


def _pages(faithful: Shopper) -> list[Asked]:
    """Of a new buyer, of one who bought for years, and of a shop."""
    shopper = Shopper()
    for _ in range(OWN):
        shopper.press(shopper.fill(1))
    mine = Order.objects.filter(subject_id=shopper.subject_id).order_by("-id").select_related("merchant")
    order = mine[0]
    own, shop = reverse("orders:list"), reverse("orders:merchant-orders", args=[order.merchant.slug])
    member = _member(order.merchant_id)
    found = [Asked("buyer's list", shopper.client, own)]
    found.append(Asked("buyer's order", shopper.client, reverse("orders:order", args=[order.number])))
    for tab in ("all", "coming", "disputed"):
        found.append(Asked(f"faithful buyer's list, {tab}", faithful.client, _with(own, tab=tab)))
    for tab in ("to_ship", "shipped", "disputed", "all"):
        found.append(Asked(f"shop's list, {tab}", member, _with(shop, tab=tab)))
    found.append(Asked("shop's list, by number", member, _with(shop, tab="all", q="A0000000100")))
    return found


def _with(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def _member(merchant_id: UUID) -> Client:
    owner = (
        Membership.objects.filter(merchant_id=merchant_id)
        .order_by("id")
        .values_list("subject_id", flat=True)[0]
    )
    client = Client()
    client.force_login(User.objects.get(subject_id=owner), backend=BACKEND)
    return client


def _originals() -> tuple[Shopper, list[Order]]:
    """The first of several buyers, and what all of them ordered of several shops through the checkout."""
    shoppers = [Shopper(first=number * 3) for number in range(BUYERS)]
    made: list[Order] = []
    for shopper in shoppers:
        shopper.press(shopper.fill(3))
        made += Order.objects.filter(subject_id=shopper.subject_id).order_by("id")
    return shoppers[0], made


def grow(volume: int, originals: Sequence[Order]) -> int:
    """Copy the originals until there are about so many; gives how many there are."""
    held = Order.objects.count()
    at = clock.now()
    buyers = [create_subject(locale="zh-hans", at=at).pk for _ in range(PEOPLE if volume > held else 0)]
    with connection.cursor() as cursor:
        cursor.execute(LAST_COPY)
        (start,) = cursor.fetchone()
    for first in range(start + 1, start + 1 + max(0, volume - held), BATCH):
        last = min(first + BATCH - 1, start + volume - held)
        _copy(first, last, originals, buyers)
        sys.stderr.write(f"\r{held + last - start:,} of {volume:,} orders")
        sys.stderr.flush()
    stalls.tidy("orders_order", "orders_orderline")
    return Order.objects.count()


def _copy(first: int, last: int, originals: Sequence[Order], buyers: Sequence[UUID]) -> None:
    columns = {
        **stalls.columns("order", Order, *OWN_COLUMNS),
        **stalls.columns("line", OrderLine, "order_id"),
    }
    told: dict[str, Any] = {
        "first": first,
        "last": last,
        "originals": [each.pk for each in originals],
        "many": len(originals),
        "buyers": list(buyers),
        "people": len(buyers),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY.format(**columns), told)

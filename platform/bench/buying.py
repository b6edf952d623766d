"""Placing an order, against the same writes as raw SQL over psycopg2; alone, and several at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from typing import Any

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from bench import stalls
from bench.crowds import Acts, Crowd, crowd
from bench.measuring import Figure, Round, compare, count, timed
from bench.replaying import Replay, recorded
from bench.shoppers import Shopper, hot_stock
from catalog import stock
from kernel import clock
from kernel.actor import Actor

EACH, LINES, BUYERS = 12, 3, 64
# Fewer pieces than buyers: the rest must be told so, and nothing may be sold twice.
PIECES = 40
CLIENTS = (4, 8)


def checkout(*, rounds: int) -> list[Figure]:
    """One buyer, four and eight at once, and many on one listing."""
    stalls.set_up(at=clock.now())
    _refill()
    many = [_together(clients, rounds=rounds) for clients in CLIENTS]
    return [_alone(rounds=rounds), *many, _hot(rounds=rounds)]


def _alone(*, rounds: int) -> Figure:
    """The POST that orders three lines of up to three shops and opens one payment, middleware and CSRF on."""
    shopper = Shopper()
    shopper.press(shopper.fill(LINES))
    button = shopper.fill(LINES)
    with CaptureQueriesContext(connection) as taken, recorded() as writes:
        shopper.press(button)
    replay, spent = Replay(writes, kept=shopper.known()), dict[str, list[float]](ours=[], floor=[])
    try:
        figure = compare(
            "checkout",
            _orders(shopper, spent["ours"]),
            _raw(replay, spent["floor"]),
            rounds=rounds,
            statements=count(taken),
            statements_of_twenty_lines=shopper.statements(20),
            writes=len(writes),
            lines=LINES,
        )
        # Of the process that asks, without the database's: it moves less than time on the wall.
        figure.facts["cpu_ms"] = {who: round(median(each) * 1000, 1) for who, each in spent.items()}
        return figure
    finally:
        replay.close()


def _together(clients: int, *, rounds: int) -> Figure:
    """So many processes press at the same time, each its own buyer with its own goods."""
    with crowd(clients, partial(_buyer, each=EACH, lines=LINES, apart=True)) as buyers:
        buyers.do("warm")
        return compare(
            f"checkout of {clients}",
            _at_once(buyers, "fill", "press", clients * EACH),
            _at_once(buyers, "script", "replay", clients * EACH),
            rounds=rounds,
            clients=clients,
        )


def _hot(*, rounds: int) -> Figure:
    """Every buyer wants the same listing; in the last round there is less of it than they want."""
    with crowd(BUYERS, partial(_buyer, each=1, lines=1, apart=False)) as buyers:
        buyers.do("warm")
        figure = compare(
            f"hot listing of {BUYERS}",
            _at_once(buyers, "fill", "press", BUYERS),
            _at_once(buyers, "script", "replay", BUYERS),
            rounds=rounds,
            clients=BUYERS,
        )
        figure.facts.update(_last_pieces(buyers))
    return figure


def _last_pieces(buyers: Crowd) -> dict[str, int]:
    """How it ends when `PIECES` are there for all of them: who got one, who was told, what was oversold."""
    buyers.do("fill")
    row = hot_stock()
    _change(row.pk, PIECES - row.available)
    try:
        answers = [answer for each in buyers.do("try") for answer in each]
        row = hot_stock()
        ordered, told = answers.count(303), answers.count(422)
        return {
            "pieces": PIECES,
            "ordered": ordered,
            "told_sold_out": told,
            "other_answers": len(answers) - ordered - told,
            "oversold": max(0, row.reserved - row.on_hand, ordered - PIECES),
        }
    finally:
        _refill()


def _refill() -> None:
    """Also after a run that broke off while there was little of it."""
    row = hot_stock()
    if row.available < (enough := stalls.STOCK // 2):
        _change(row.pk, enough - row.available)


def _change(variant_id: Any, quantity: int) -> None:
    stock.add(variant_id=variant_id, quantity=quantity, actor=Actor.system(), at=clock.now())


def _at_once(buyers: Crowd, ready: str, word: str, orders: int) -> Round:
    """One sample: the seconds per order, from the word until the last of them is through."""

    def go() -> Iterator[float]:
        buyers.do(ready)
        yield buyers.seconds(word) / orders

    return go


def _buyer(number: int, *, each: int, lines: int, apart: bool) -> Acts:
    """What one process of the crowd can do; `apart` it wants other goods than the rest of them."""
    shoppers = [Shopper(first=number * lines if apart else 0) for _ in range(each)]
    forms: list[dict[str, Any]] = []
    scripts: list[Any] = []
    made: list[Replay] = []

    def fill() -> None:
        # One connection each at a time: the database has a hundred.
        for open_one in made:
            open_one.close()
        forms[:] = [shopper.fill(lines) for shopper in shoppers]

    def press() -> None:
        for shopper, form in zip(shoppers, forms, strict=True):
            shopper.press(form)

    def tried() -> list[int]:
        return [shopper.tried(form) for shopper, form in zip(shoppers, forms, strict=True)]

    def warm() -> None:
        fill()
        press()
        form = shoppers[0].fill(lines)
        with recorded() as writes:
            shoppers[0].press(form)
        made.append(Replay(writes, kept=shoppers[0].known()))

    def script() -> None:
        connections.close_all()
        made[0].connect()
        scripts[:] = [made[0].fresh() for _ in shoppers]

    def replay() -> None:
        for each in scripts:
            made[0].run(each)

    return {"warm": warm, "fill": fill, "press": press, "try": tried, "script": script, "replay": replay}


def _orders(shopper: Shopper, spent: list[float]) -> Round:
    def go() -> Iterator[float]:
        for _ in range(EACH):
            form = shopper.fill(LINES)
            began = time.process_time()
            yield timed(lambda form=form: shopper.press(form))  # type: ignore[misc]
            spent.append(time.process_time() - began)

    return go


def _raw(replay: Replay, spent: list[float]) -> Callable[[], Iterator[float]]:
    def go() -> Iterator[float]:
        replay.connect()
        for _ in range(EACH):
            script = replay.fresh()
            began = time.process_time()
            yield timed(lambda script=script: replay.run(script))  # type: ignore[misc]
            spent.append(time.process_time() - began)

    return go

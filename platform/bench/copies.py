"""Putting together the copy of one person with many orders, against bare AES-GCM over the same cells."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import cells, stalls
from bench.measuring import Figure, Round, compare, count, timed
from kernel import clock
from kernel.actor import Actor
from merchants.models import Merchant
from orders.models import Order, Purchase
from privacy import copy_files, keys, requests
from privacy.models import Request
from privacy.states import RequestKind
from privacy.subjects import create_subject

ORDERS = 500
MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Size:
    """How big the last copy was, in bytes of the zip."""

    whole: int = 0


def copy(*, rounds: int, orders: int = ORDERS) -> Figure:
    """One person with `orders` orders; the whole zip, with cold keys. Nothing of it is kept."""
    if not Merchant.objects.exists():
        stalls.set_up(at=clock.now())
    with _a_person(orders) as request:
        mine = Order.objects.filter(subject_id=request.subject_id).order_by("pk")
        bare = [each for order in mine for each in cells.bare(order)]
        size = Size()
        with CaptureQueriesContext(connection) as taken:
            _build(request, size)
        return compare(
            "copy",
            _round(lambda: _build(request, size)),
            _round(lambda: cells.decrypt(bare)),
            rounds=rounds,
            statements=count(taken),
            orders=orders,
            cells=len(bare),
            zip_kb=round(size.whole / 1024),
            peak_mb=round(_peak(request, size) / MEGABYTE, 1),
            peak_mb_of_one_order=round(_peak_of_one() / MEGABYTE, 1),
        )


@contextmanager
def _a_person(orders: int) -> Iterator[Request]:
    at = clock.now()
    with transaction.atomic():
        subject_id = create_subject(locale="zh-hans", at=at).pk
        merchant = Merchant.objects.order_by("pk")[0]
        made = [cells.an_order(subject_id, merchant) for _ in range(orders)]
        Purchase.objects.bulk_create([order.purchase for order in made])
        Order.objects.bulk_create(made)
        yield _asked(subject_id, at)
        transaction.set_rollback(True)


def _asked(subject_id: object, at: datetime) -> Request:
    return requests.ask(subject_id=subject_id, kind=RequestKind.COPY, actor=Actor.system(), at=at)  # type: ignore[arg-type]


def _build(request: Request, size: Size) -> None:
    """What the worker does, but for sealing and storing: piece by piece, none is kept."""
    keys.forget_all()
    pieces = copy_files.zipped(request=request, at=clock.now(), told=lambda: None)
    size.whole = sum(len(piece) for piece in pieces)


def _peak(request: Request, size: Size) -> int:
    """The most that Python held at once while building, beyond what it held before."""
    tracemalloc.start()
    try:
        _build(request, size)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _peak_of_one() -> int:
    with _a_person(1) as request:
        return _peak(request, Size())


def _round(step: object) -> Round:
    def go() -> Iterator[float]:
        yield timed(step)  # type: ignore[arg-type]

    return go

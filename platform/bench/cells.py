"""Opening the sealed cells of an order list, against bare AES-GCM over the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench import stalls
from bench.measuring import Figure, Round, compare, count, timed
from kernel import clock
from merchants.models import Merchant
from orders.models import Order, Purchase
from privacy import keys, sealing
from privacy.subjects import create_subject

ORDERS = 1000
FIELDS = ("recipient", "phone", "address")
TOLD = ("林未", "13800138000", "上海市徐汇区漕溪北路 88 号 6 幢 1204 室")


@dataclass(frozen=True, slots=True)
class Bare:
    """One cell as AES-GCM alone needs it, everything else done beforehand."""

    cipher: AESGCM
    nonce: bytes
    body: bytes
    context: bytes


def crypto(*, rounds: int, orders: int = ORDERS) -> Figure:
    """`orders` orders of as many buyers, three cells each, with cold keys; nothing of it is kept."""
    stalls.set_up(at=clock.now())
    with _many_orders(orders) as ids:
        cells = [each for order in _rows(ids) for each in bare(order)]
        with CaptureQueriesContext(connection) as taken:
            _list(ids)
        shares = _shares(ids, cells)
        return compare(
            "crypto",
            _round(lambda: _list(ids)),
            _round(lambda: decrypt(cells)),
            rounds=rounds,
            statements=count(taken),
            cells=len(cells),
            **shares,
        )


@contextmanager
def _many_orders(number: int) -> Iterator[list[UUID]]:
    at = clock.now()
    with transaction.atomic():
        merchant = Merchant.objects.order_by("pk")[0]
        subjects = [create_subject(locale="zh-hans", at=at).pk for _ in range(number)]
        made = [an_order(subject_id, merchant) for subject_id in subjects]
        Purchase.objects.bulk_create([order.purchase for order in made])
        Order.objects.bulk_create(made)
        yield [order.pk for order in made]
        transaction.set_rollback(True)


def an_order(subject_id: UUID, merchant: Merchant) -> Order:
    """Not saved, with its purchase; three sealed cells and a note that is empty."""
    purchase = Purchase(subject_id=subject_id, total_minor=100, placed_at=clock.now(), expires_at=clock.now())
    order = Order(
        subject_id=subject_id,
        merchant=merchant,
        purchase=purchase,
        goods_minor=100,
        freight_minor=0,
        total_minor=100,
        pack_version="bench",
        calendar_version="bench",
        placed_at=clock.now(),
    )
    for name, told in zip(FIELDS, TOLD, strict=True):
        setattr(order, name, told)
    order.note = ""
    return order


def _rows(ids: list[UUID]) -> list[Order]:
    return list(Order.objects.filter(pk__in=ids).order_by("pk"))


def _list(ids: list[UUID]) -> None:
    """What a page does that shows them: two statements, then the cells."""
    keys.forget_all()
    rows = _rows(ids)
    keys.preload([order.subject_id for order in rows])
    _open(rows)


def _open(rows: list[Order]) -> None:
    for order in rows:
        for name in FIELDS:
            getattr(order, name)


def bare(order: Order) -> Iterator[Bare]:
    """Its cells as AES-GCM alone needs them."""
    version, key = keys.current(order.subject_id)
    for name in FIELDS:
        field = Order._meta.get_field(name)
        sealed = bytes(order.__dict__[name])
        header, body = sealed[: sealing.HEADER], sealed[sealing.HEADER :]
        context = field._context(order, order.subject_id, version)  # type: ignore[union-attr]
        yield Bare(sealing._derived(key).cipher, header[3 : 3 + sealing.NONCE], body, header + context)


def decrypt(cells: list[Bare]) -> None:
    """Nothing but AES-GCM."""
    for each in cells:
        each.cipher.decrypt(each.nonce, each.body, each.context)


def _shares(ids: list[UUID], cells: list[Bare]) -> dict[str, str]:
    """Where the time of one list goes: each step by itself, the median of nine."""
    rows = _rows(ids)
    subjects = [order.subject_id for order in rows]
    secrets = [keys.current(one)[1] for one in subjects]
    steps: dict[str, Callable[[], object]] = {
        "share_rows_and_instances": lambda: _rows(ids),
        "share_keys_fetched_and_unwrapped": lambda: _cold(subjects),
        "share_keys_derived": lambda: [sealing._derived(key) for key in _forgotten(secrets)],
        "share_commitments": lambda: [
            sealing._commitment(sealing._derived(key), b"n" * sealing.NONCE)
            for key in secrets
            for _ in FIELDS
        ],
        "share_aes_gcm": lambda: decrypt(cells),
    }
    whole = median(timed(lambda: _list(ids)) for _ in range(9))
    taken = {name: median(timed(step) for _ in range(9)) for name, step in steps.items()}
    taken["share_places_and_fields"] = whole - sum(taken.values())
    return {name: f"{seconds / whole:.0%}" for name, seconds in taken.items()}


def _cold(subjects: list[UUID]) -> None:
    keys.forget_all()
    keys.preload(subjects)


def _forgotten(secrets: list[bytes]) -> list[bytes]:
    sealing.forget()
    return secrets


def _round(step: Callable[[], None]) -> Round:
    def go() -> Iterator[float]:
        for _ in range(5):
            yield timed(step)

    return go

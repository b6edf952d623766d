"""Every order that is over says since when: the years of keeping its record count from there."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.actor import Actor
from orders import cancellation, settlement
from orders.models import Order
from orders.states import ENDED_STATES, ORDER
from tests.builders.orders import ORDERED, an_order

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def closed_at(order: Order) -> datetime | None:
    return Order.objects.get(pk=order.pk).closed_at


def write(order: Order, state: str, closed: datetime | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET state = %s, closed_at = %s WHERE id = %s", [state, closed, order.pk]
        )


class TestClosedAt:
    def test_is_empty_while_the_order_runs(self) -> None:
        assert closed_at(an_order(paid=False)) is None
        assert closed_at(an_order()) is None
        assert closed_at(an_order(delivered_at=DELIVERED)) is None

    def test_is_the_instant_of_settling(self) -> None:
        order = an_order(delivered_at=DELIVERED)

        settlement.settle(order_id=order.pk, actor=Actor.system(), at=order.settles_at)

        assert closed_at(order) == order.settles_at

    def test_is_the_instant_of_cancelling(self) -> None:
        order = an_order()

        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED)

        assert closed_at(order) == ORDERED

    def test_every_ending_counts(self) -> None:
        assert ORDER.terminal <= ENDED_STATES
        assert set(ORDER.states) - ENDED_STATES == {
            "awaiting_payment",
            "reserved",
            "paid",
            "shipped",
            "delivered",
        }


class TestDatabaseRefuses:
    def test_an_order_that_is_over_without_an_instant(self) -> None:
        with pytest.raises(IntegrityError, match="an_order_that_is_over_says_since_when"):
            write(an_order(), "cancelled", None)

    def test_a_running_order_with_one(self) -> None:
        with pytest.raises(IntegrityError, match="an_order_that_is_over_says_since_when"):
            write(an_order(), "paid", ORDERED)


def test_orders_of_before_are_filled_from_their_history() -> None:
    order, running = an_order(), an_order()
    cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_order DROP CONSTRAINT an_order_that_is_over_says_since_when")
        cursor.execute("UPDATE orders_order SET closed_at = NULL")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    migration = import_module("orders.migrations.0003_when_an_order_ended")
    migration.fill(None, SimpleNamespace(connection=connection))

    assert (closed_at(order), closed_at(running)) == (ORDERED, None)

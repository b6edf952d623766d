"""What was taken off a line: its sum, its place in every total, and that nobody can change it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.money import Money
from orders import asking, invariants
from orders.models import LineDiscount, Order, OrderLine
from tests.builders.orders import an_order
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def line() -> OrderLine:
    order = an_order(listing=a_listing(price="100.00"), quantity=3, delivered_at=DELIVERED)
    return order.lines.get()


def sql(statement: str, *parameters: object) -> None:
    """As somebody with the database's password, checked as at a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


ROW = (
    "INSERT INTO orders_linediscount (id, line_id, kind, reference, funder, currency, amount_minor)"
    " VALUES (gen_random_uuid(), %s, %s, %s, %s, 'CNY', %s)"
)


class TestSums:
    def test_a_line_without_any_costs_its_units(self, line: OrderLine) -> None:
        assert (line.discount_minor, line.goods_paid, line.paid) == (0, Money(30000), Money(30000))
        assert asking.paid(line).goods_minor == 30000

    def test_the_paid_sum_is_what_goes_back(self, line: OrderLine) -> None:
        line.discount_minor = 1001
        assert (line.goods_paid, line.left) == (Money(28999), Money(28999))
        assert asking.paid(line).goods_minor == 28999


class TestBySql:
    @pytest.mark.parametrize(
        ("kind", "funder", "amount"),
        [("set", "merchant", 0), ("set", "merchant", -1), ("gift", "merchant", 1), ("set", "buyer", 1)],
    )
    def test_no_row_of_another_shape(self, line: OrderLine, kind: str, funder: str, amount: int) -> None:
        with pytest.raises(IntegrityError):
            sql(ROW, line.pk, kind, uuid4(), funder, amount)
        assert not LineDiscount.objects.exists()

    def test_no_row_that_the_line_does_not_know(self, line: OrderLine) -> None:
        with pytest.raises(IntegrityError, match="sum to"):
            sql(ROW, line.pk, "coupon", uuid4(), "merchant", 1)
        assert not LineDiscount.objects.exists()

    def test_no_discount_of_a_line_afterwards(self, line: OrderLine) -> None:
        with pytest.raises(Exception, match=r"discount_minor|a_line_keeps_its_discount"):
            sql("UPDATE orders_orderline SET discount_minor = 1 WHERE id = %s", line.pk)
        assert OrderLine.objects.get(pk=line.pk).discount_minor == 0

    def test_no_order_whose_total_forgets_it(self, line: OrderLine) -> None:
        with pytest.raises(IntegrityError, match="an_order_total_is_goods_and_freight"):
            sql("UPDATE orders_order SET discount_minor = 1 WHERE id = %s", line.order_id)
        assert Order.objects.get(pk=line.order_id).discount_minor == 0

    def test_no_line_that_is_discounted_without_rows(self, line: OrderLine) -> None:
        with pytest.raises(IntegrityError, match="sum to"):
            sql(
                "INSERT INTO orders_orderline SELECT (jsonb_populate_record(l, jsonb_build_object("
                "'id', gen_random_uuid(), 'position', 2, 'discount_minor', 5))).* FROM orders_orderline l"
                " WHERE id = %s",
                line.pk,
            )
        assert OrderLine.objects.of_order(line.order_id).count() == 1


def test_the_invariants_hold_and_know_the_rule(line: OrderLine) -> None:
    assert "a line is discounted by what its discounts sum to" in invariants.RULES
    assert invariants.all_offences() == []


def test_nothing_changes_a_discount(line: OrderLine) -> None:
    made = a_discounted_line(line)
    for statement in (
        "UPDATE orders_linediscount SET amount_minor = 1 WHERE id = %s",
        "DELETE FROM orders_linediscount WHERE id = %s",
    ):
        with pytest.raises(Exception, match=r"append_only|append only|Cannot"):
            sql(statement, made)
    assert LineDiscount.objects.get(pk=made).amount_minor == 700


def a_discounted_line(line: OrderLine) -> UUID:
    """A second line with its reduction, as the checkout writes both in one transaction."""
    pk, row = uuid4(), uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_orderline SELECT (jsonb_populate_record(l, jsonb_build_object("
            "'id', %s::text, 'position', 2, 'discount_minor', 700))).* FROM orders_orderline l WHERE id = %s",
            [pk, line.pk],
        )
        LineDiscount.objects.create(pk=row, line_id=pk, kind="coupon", reference=uuid4(), amount_minor=700)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return row

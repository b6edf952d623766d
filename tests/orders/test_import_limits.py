"""What one person may bring in by retail import, by order and by year; tax frozen in the line."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import InternalError, connection, transaction

from kernel.actor import Actor
from kernel.money import Money
from orders import cancellation, import_limits
from orders.import_limits import OverOrderLimit, OverYearLimit, PieceOverOrderLimit
from orders.models import CartLine, Order, OrderLine, Purchase
from tests.builders.imports import an_import
from tests.builders.orders import ORDERED, a_checkout, a_subject, an_order
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
NEXT_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def used(subject, since=datetime(2025, 12, 31, 16, 0, tzinfo=UTC)):
    return import_limits.used(subject_id=subject, since=since)


def refuse(error, **checkout):
    with pytest.raises(error) as refused, transaction.atomic():
        a_checkout(**checkout)
    assert not Order.objects.exists() and not Purchase.objects.exists()
    return refused.value.params


class TestOneOrder:
    def test_up_to_the_limit_freight_included_is_ordered(self):
        goods = an_import(price="2490.00", freight="10.00")
        order = a_checkout(listings=[(goods, 2)]).orders[0]
        assert order.total == Money(499_000)

    def test_above_it_several_pieces_have_to_be_ordered_apart(self):
        goods = an_import(price="2500.00", freight="0.01")
        params = refuse(OverOrderLimit, listings=[(goods, 2)])
        assert (params["limit"], params["sum"]) == (Money(500_000), Money(500_001))
        assert params["rule"] == "cn.cbec.limit"

    def test_one_piece_above_it_would_be_general_trade(self):
        refuse(PieceOverOrderLimit, listings=[(an_import(price="5000.01"), 1)])

    def test_goods_that_cross_no_border_count_for_nothing(self):
        home, goods = a_listing(price="9000.00"), an_import(price="4000.00")
        assert len(a_checkout(listings=[(home, 1), (goods, 1)]).orders) == 2


class TestOneYear:
    def spent(self, subject, pieces, at=ORDERED):
        goods = an_import(price="5000.00", stock=20)
        for _ in range(pieces):
            a_checkout(listings=[(goods, 1)], subject_id=subject, at=at)

    def test_holds_so_much_and_no_fen_more(self):
        subject = a_subject()
        self.spent(subject, 5)
        assert used(subject) == Money(2_500_000)
        with pytest.raises(OverYearLimit) as refused, transaction.atomic():
            a_checkout(listings=[(an_import(price="1000.01"), 1)], subject_id=subject)
        params = refused.value.params
        assert (params["limit"], params["left"]) == (Money(2_600_000), Money(100_000))
        assert Order.objects.count() == 5
        CartLine.objects.all().delete()
        a_checkout(listings=[(an_import(price="1000.00"), 1)], subject_id=subject)
        assert used(subject) == Money(2_600_000)

    def test_begins_anew_at_midnight_of_the_first_of_january_in_china(self):
        subject = a_subject()
        self.spent(subject, 5)
        late = NEXT_YEAR - timedelta(seconds=1)
        with pytest.raises(OverYearLimit), transaction.atomic():
            a_checkout(listings=[(an_import(price="2000.00"), 1)], subject_id=subject, at=late)
        CartLine.objects.all().delete()
        a_checkout(listings=[(an_import(price="2000.00"), 1)], subject_id=subject, at=NEXT_YEAR)

    def test_one_person_s_orders_leave_another_s_alone(self):
        self.spent(a_subject(), 5)
        a_checkout(listings=[(an_import(price="5000.00"), 1)])

    def test_what_was_cancelled_counts_no_more(self):
        subject = a_subject()
        order = an_order(listing=an_import(price="3000.00"), subject_id=subject, paid=False)
        assert used(subject) == Money(300_000)
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(subject), at=ORDERED + timedelta(minutes=1))
        assert used(subject) == Money.zero()


class TestFrozen:
    def test_each_line_keeps_its_tax_with_rule_and_pack(self):
        order = a_checkout(listings=[(an_import(price="109.10"), 3)]).orders[0]
        line = order.lines.get()
        assert line.tax == {
            "standing": "in_price",
            "rules": ["cn.cbec.tax"],
            "pack": order.pack_version,
            "rate": "9.1",
            "amount_minor": 2730,
        }

    def test_sql_changes_it_no_more(self):
        line = an_order(paid=False).lines.get()
        sql = "UPDATE orders_orderline SET tax = '{}' WHERE id = %s"
        attack = pytest.raises(InternalError, match="Cannot update rows")
        with attack, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [line.pk])
        assert OrderLine.objects.get().tax["standing"] == "paid"

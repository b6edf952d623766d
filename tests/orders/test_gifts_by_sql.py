"""What nobody with the database's password can make of gifts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.models import Listing
from kernel.actor import Actor
from orders import cart, checkout
from orders.models import Order, Promotion
from tests.builders.orders import LIN_WEI, ORDERED, a_subject
from tests.builders.promotions import a_gift, a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods() -> tuple[Listing, Listing, Promotion]:
    shop = a_merchant()
    pot = a_listing(merchant=shop, title="月白釉手作横手急须", price="60.00")
    cup = a_listing(merchant=shop, title="青瓷品茗杯", price="20.00")
    return pot, cup, a_gift(shop, cup, pieces=3)


def put(subject: Any, listing: Listing, quantity: int = 1) -> None:
    actor = Actor.buyer(subject)
    cart.put(subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=actor, at=ORDERED)


def order(subject: Any) -> Order:
    actor = Actor.buyer(subject)
    done = checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED
    )
    return done.orders[0]


def sql(statement: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


class TestBySql:
    @pytest.mark.parametrize(
        "change",
        [
            "gift_minor = 1",
            "gift_pieces = 2",
            "gift_variant_id = NULL",
            "with_listing_id = NULL, kind = 'coupon'",
        ],
    )
    def test_terms_never_change(self, goods: Any, change: str) -> None:
        with pytest.raises(Exception, match=r"a_promotion_keeps_its_terms|Cannot update|only_a_gift"):
            sql(f"UPDATE orders_promotion SET {change} WHERE id = %s", goods[2].pk)

    def test_no_more_than_there_are(self, goods: Any) -> None:
        with pytest.raises(IntegrityError, match="no_more_gifts_than_there_are"):
            sql("UPDATE orders_promotion SET given = 4 WHERE id = %s", goods[2].pk)

    def test_a_coupon_gives_nothing(self, goods: Any) -> None:
        other = a_promotion(goods[0].merchant)
        with pytest.raises(IntegrityError, match="only_a_gift_says_what_is_given"):
            sql("UPDATE orders_promotion SET given = 1 WHERE id = %s", other.pk)

    def test_no_gift_of_another_shop(self, goods: Any) -> None:
        copy = (
            "INSERT INTO orders_promotion SELECT (jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'merchant_id', %s::text))).* FROM orders_promotion p WHERE id = %s"
        )
        with pytest.raises(IntegrityError, match="is of the shop that gives it"):
            sql(copy, a_merchant().pk, goods[2].pk)

    @pytest.mark.parametrize(
        "change",
        ["gift_minor = 0", "gift_id = NULL", "unit_minor = 1, total_minor = 1"],
        ids=["value", "gift", "price"],
    )
    def test_a_given_line_stays_one(self, goods: Any, change: str) -> None:
        subject = a_subject()
        put(subject, goods[0], 2)
        line = order(subject).lines.get(gift__isnull=False)
        with pytest.raises(Exception, match=r"a_line_stays_a_gift|Cannot update|a_gift_costs_nothing"):
            sql(f"UPDATE orders_orderline SET {change} WHERE id = %s", line.pk)

    @pytest.mark.parametrize("change", ["'quantity', 2", "'gift_minor', 1999"], ids=["pieces", "value"])
    def test_no_line_that_was_not_offered_so(self, goods: Any, change: str) -> None:
        subject = a_subject()
        put(subject, goods[0], 2)
        line = order(subject).lines.get(gift__isnull=False)
        copy = (
            "INSERT INTO orders_orderline SELECT (jsonb_populate_record(l, jsonb_build_object("
            f"'id', gen_random_uuid(), 'position', 9, {change}))).* FROM orders_orderline l WHERE id = %s"
        )
        with pytest.raises(IntegrityError, match="given as it was offered"):
            sql(copy, line.pk)

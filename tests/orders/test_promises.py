"""Promises frozen in an order, watched by machine: kept or broken, and what a breach pays by itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.drafting import edit_draft
from catalog.publishing import publish
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.ids import new_id
from orders import promise_watch, settlement
from orders.models import Order, PromiseRecord
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.people import a_member
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def promising(*keys, price="39.00", **more):
    return a_listing(price=price, terms={"promises": list(keys)}, **more)


def cheaper(listing, minor, *, at):
    actor = Actor.member(new_id(), listing.merchant_id)
    edit_draft(listing_id=listing.pk, changes={"price_minor": minor}, actor=actor, at=at)
    publish(listing_id=listing.pk, actor=actor, at=at)
    drain(at=at)


def records(order):
    found = promise_watch.of_order(order.pk)
    return [(one.key, one.outcome, one.owed_minor, one.paid_minor) for one in found]


def due(order):
    return Deadline.objects.get(kind="orders.dispatch", reference=order.pk).due_at


class TestDispatch:
    def test_sent_in_time_is_kept_and_costs_nothing(self):
        order = an_order(listing=promising("dispatch_24h"), shipped=True)
        assert records(order) == [("dispatch_24h", "kept", 0, 0)]
        assert Order.objects.get(pk=order.pk).refunded_minor == 0

    def test_late_it_is_broken_and_pays_by_itself_at_the_instant(self, platform_at):
        order = an_order(listing=promising("dispatch_24h"))
        at = platform_at(due(order))
        sweep()
        drain(at=at)
        # Five percent of ¥39.00.
        assert records(order) == [("dispatch_24h", "broken", 195, 195)]
        order.refresh_from_db()
        assert (order.refunded_minor, order.state) == (195, "paid")
        sweep()
        drain(at=at + HOUR)
        assert len(records(order)) == 1

    def test_pays_at_least_and_at_most_what_the_policy_says(self, platform_at):
        cheap = an_order(listing=promising("dispatch_24h", price="5.00"))
        dear = an_order(listing=promising("dispatch_24h", price="9000.00"))
        at = platform_at(max(due(cheap), due(dear)))
        sweep()
        drain(at=at)
        assert (records(cheap)[0][2:], records(dear)[0][2:]) == ((100, 100), (3000, 3000))

    def test_without_a_promise_there_is_nothing_to_keep(self, platform_at):
        order = an_order(listing=promising())
        at = platform_at(due(order))
        sweep()
        drain(at=at)
        assert records(order) == []


class TestPriceProtection:
    def test_a_lower_price_comes_back_by_itself(self):
        listing = promising("price_protection_15d")
        order = an_order(listing=listing, quantity=2)
        cheaper(listing, 3000, at=ORDERED + 3 * DAY)
        assert records(order) == [("price_protection_15d", "kept", 1800, 1800)]
        assert Order.objects.get(pk=order.pk).refunded_minor == 1800

    def test_a_second_fall_pays_only_what_the_first_did_not(self):
        listing = promising("price_protection_15d")
        order = an_order(listing=listing)
        cheaper(listing, 3500, at=ORDERED + 2 * DAY)
        cheaper(listing, 3000, at=ORDERED + 4 * DAY)
        assert [each[2] for each in records(order)] == [400, 500]

    def test_holds_until_its_last_instant(self):
        listing = promising("price_protection_15d")
        order = an_order(listing=listing)
        paid = Order.objects.get(pk=order.pk).paid_at
        cheaper(listing, 3500, at=paid + 15 * DAY)
        assert records(order) == []

    def test_was_frozen_in_the_order_and_is_nobody_else_s(self):
        listing = promising("price_protection_15d")
        order = an_order(listing=listing)
        actor = Actor.member(new_id(), listing.merchant_id)
        edit_draft(listing_id=listing.pk, changes={"terms": {"promises": []}}, actor=actor, at=ORDERED)
        cheaper(listing, 3600, at=ORDERED + DAY)
        later = an_order(listing=listing, at=ORDERED + 2 * DAY)
        cheaper(listing, 3000, at=ORDERED + 3 * DAY)
        assert [each[2] for each in records(order)] == [300, 600]
        assert records(later) == []

    def test_a_higher_price_changes_nothing(self):
        listing = promising("price_protection_15d")
        order = an_order(listing=listing)
        cheaper(listing, 4500, at=ORDERED + DAY)
        assert records(order) == []


class TestWhatIsOwed:
    def test_after_settlement_it_comes_from_the_shop_s_balance_or_stays_owed_with_a_date(self):
        listing = promising("price_protection_30d")
        order = an_order(listing=listing, delivered_at=ORDERED + DAY)
        settlement.settle(order_id=order.pk, actor=Actor.system(), at=ORDERED + 20 * DAY)
        drain(at=ORDERED + 20 * DAY)
        cheaper(listing, 3400, at=ORDERED + 21 * DAY)
        assert records(order) == [("price_protection_30d", "kept", 500, 500)]
        assert not Deadline.objects.filter(kind="orders.promise_payment", state="open").exists()


class TestPages:
    def test_buyer_and_shop_read_it(self, platform_at):
        listing = promising("dispatch_24h")
        order, owner = an_order(listing=listing), a_member(listing.merchant)
        at = platform_at(due(order))
        sweep()
        drain(at=at)
        page = owner.client.get(f"/merchant/{listing.merchant.slug}/orders/{order.number}/").content.decode()
        assert "没兑现" in page
        assert "24 小时内发货" in page


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "attack",
        ["UPDATE orders_promiserecord SET outcome = 'kept'", "UPDATE orders_promiserecord SET owed_minor = 0",
         "UPDATE orders_promiserecord SET paid_minor = paid_minor - 1", "DELETE FROM orders_promiserecord",
         "UPDATE orders_promiserecord SET paid_minor = owed_minor + 1"],
    )  # fmt: skip
    def test_to_tell_it_differently(self, platform_at, attack):
        order = an_order(listing=promising("dispatch_24h"))
        at = platform_at(due(order))
        sweep()
        drain(at=at)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(attack)
        assert PromiseRecord.objects.get().outcome == "broken"

"""A merchant's day: what is due by time left, with the outcome of silence; true sums; four people."""

from datetime import timedelta

import pytest
from django.urls import reverse

from desk import on_time, shop_today
from kernel.money import Money
from tests.builders.cases import DELIVERED, OPENED, a_complaint, an_answered_complaint
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer, a_member, a_visitor
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return a_listing(price="100.00")


class TestWork:
    def test_sorts_by_time_left_and_says_what_silence_leads_to(self, listing):
        an_order(listing=listing, at=OPENED)
        case = a_complaint(order=an_order(listing=listing, delivered_at=DELIVERED))
        day = shop_today.Day(listing.merchant, at=OPENED + timedelta(hours=1))
        first, second = day.work()
        assert case.number in first.what or case.number in second.what
        assert first.due_at <= second.due_at
        assert all(one.outcome for one in (first, second))
        assert day.due_today() == 0
        later = shop_today.Day(listing.merchant, at=OPENED + timedelta(hours=30))
        assert later.due_today() == 2

    def test_names_the_rule_of_each_clock(self, listing, at):
        an_order(listing=listing, at=OPENED)
        a_complaint(order=an_order(listing=listing, delivered_at=DELIVERED))
        at(OPENED + timedelta(hours=1))
        work = shop_today.Day(listing.merchant, at=OPENED + timedelta(hours=1)).work()
        rules = ["policy.silence.complaint_answer", "policy.silence.order_dispatch"]
        assert sorted(one.clock.rule_id for one in work) == rules
        assert all(one.clock.due_at == one.due_at for one in work)
        url = reverse("desk:merchant-today", args=[listing.merchant.slug])
        page = a_member(listing.merchant).client.get(url).content.decode()
        assert page.count('class="lawpop"') == len(rules)
        assert all(reverse("rulebook:rule", args=[rule]) in page for rule in rules)

    def test_what_waits_for_others_is_apart(self, listing):
        an_answered_complaint(order=an_order(listing=listing, delivered_at=DELIVERED))
        day = shop_today.Day(listing.merchant, at=OPENED + timedelta(hours=6))
        assert day.work() == []
        assert len(day.waiting()) == 1

    def test_a_draft_says_how_much_is_missing(self, listing):
        a_listing(merchant=listing.merchant, live=False, without="origin")
        (draft,) = shop_today.Day(listing.merchant, at=OPENED).work()
        assert draft.due_at is None


class TestMoney:
    def test_held_frozen_and_available_are_sums_of_the_ledger(self, listing):
        an_order(listing=listing)
        a_complaint(order=an_order(listing=listing, delivered_at=DELIVERED))
        found = shop_today.money(listing.merchant)
        assert (found["held"], found["frozen"], found["available"]) == (Money(10000), Money(10000), Money(0))


class TestOnTime:
    def test_counts_by_week_against_each_promise(self, listing):
        for _ in range(5):
            an_order(listing=listing, shipped=True)
        chart = on_time.chart(listing.merchant, at=ORDERED + timedelta(days=2))
        assert (chart.sent, chart.in_time, chart.percent) == (5, 5, 100)
        assert chart.weeks[-1].percent == 100

    def test_below_five_nothing_is_claimed(self, listing):
        an_order(listing=listing, shipped=True)
        assert on_time.chart(listing.merchant, at=ORDERED + timedelta(days=2)) is None


class TestPage:
    def test_is_the_members_alone(self, listing):
        an_order(listing=listing)
        url = reverse("desk:merchant-today", args=[listing.merchant.slug])
        for person in (a_buyer(), a_member(a_merchant()), a_visitor()):
            assert person.client.get(url).status_code == 404
        assert a_member(listing.merchant).client.get(url).status_code == 200

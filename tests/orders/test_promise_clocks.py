"""Promises with a clock of their own, and those that rulings decide: kept or broken by facts alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog import promises
from catalog.models import Listing
from credit.models import Entry
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel import clock
from orders import promise_costs, promise_figures, promise_watch, returns, settlement
from orders.models import Order, PromiseRecord, Return
from payments import fund
from tests.builders.cases import a_complaint, a_complaint_to_decide, a_ruling, rule
from tests.builders.orders import ORDERED, a_return, an_order, drain, member_of
from tests.builders.people import a_visitor
from tests.builders.shop_papers import a_shop_promise
from tests.builders.shops import LISTED, a_listing

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOT = ORDERED + DAY


def delivered(*keys, **more):
    """Bought under these promises of the shop, and there."""
    listing = a_listing(**more)
    for key in keys:
        a_shop_promise(listing.merchant, key, at=LISTED)
    fresh = Listing.objects.with_offer().get(pk=listing.pk)
    return an_order(listing=fresh, delivered_at=GOT)


def records(order):
    return [
        (one.key, one.outcome, one.owed_minor, one.paid_minor) for one in promise_watch.of_order(order.pk)
    ]


def clock_of(kind, reference):
    return Deadline.objects.get(kind=kind, reference=reference)


def fire(platform_at, due):
    at = platform_at(due)
    sweep()
    drain(at=at)
    return at


class TestRefund:
    def test_in_time_is_kept(self):
        order = delivered("refund_24h")
        back = a_return(order, at=GOT + HOUR, received=True)
        at = back.received_at + 2 * HOUR
        returns.refund(return_id=back.pk, actor=member_of(order), at=at)
        drain(at=at)
        assert records(order) == [("refund_24h", "kept", 0, 0)]

    def test_at_its_hour_the_money_goes_by_itself_and_it_is_broken(self, platform_at):
        order = delivered("refund_24h")
        back = a_return(order, at=GOT + HOUR, received=True)
        due = clock_of("orders.promise_refund", back.pk).due_at
        assert due == back.received_at + DAY
        fire(platform_at, due)
        back.refresh_from_db()
        assert (back.state, Order.objects.get(pk=order.pk).refunded_minor) == ("refunded", 3900)
        assert records(order) == [("refund_24h", "broken", 0, 0)]

    def test_a_refusal_ends_the_clock_and_decides_nothing(self):
        order = delivered("refund_24h")
        back = a_return(order, at=GOT + HOUR, received=True)
        returns.refuse(return_id=back.pk, reason="少件", actor=member_of(order), at=back.received_at + HOUR)
        drain(at=back.received_at + HOUR)
        assert clock_of("orders.promise_refund", back.pk).state == "cancelled"
        assert records(order) == []

    def test_without_the_promise_there_is_no_clock(self):
        back = a_return(delivered(), at=GOT + HOUR, received=True)
        assert not Deadline.objects.filter(kind="orders.promise_refund", reference=back.pk).exists()


class TestAnswerToAReturn:
    def test_in_time_is_kept(self):
        order = delivered("answer_24h")
        asked = a_return(order, at=GOT + HOUR, kind="quality")
        returns.accept(return_id=asked.pk, actor=member_of(order), at=GOT + 3 * HOUR)
        drain(at=GOT + 3 * HOUR)
        assert records(order) == [("answer_24h", "kept", 0, 0)]

    def test_at_its_hour_it_is_broken_and_pays_once(self, platform_at):
        order = delivered("answer_24h", "answer_12h")
        asked = a_return(order, at=GOT + HOUR, kind="quality")
        due = clock_of("orders.promise_answer", asked.pk).due_at
        assert due == GOT + 13 * HOUR
        at = fire(platform_at, due)
        assert records(order) == [("answer_12h", "broken", 195, 195)]
        returns.accept(return_id=asked.pk, actor=member_of(order), at=at + HOUR)
        drain(at=at + HOUR)
        assert len(records(order)) == 1

    def test_an_answer_at_the_instant_is_late_though_no_sweep_has_passed(self):
        order = delivered("answer_24h")
        asked = a_return(order, at=GOT + HOUR, kind="quality")
        at = clock_of("orders.promise_answer", asked.pk).due_at
        returns.accept(return_id=asked.pk, actor=member_of(order), at=at)
        drain(at=at)
        assert [each[1] for each in records(order)] == ["broken"]


class TestAnswerToACase:
    def test_nobody_answers_and_it_pays(self, platform_at):
        order = delivered("answer_24h")
        case = a_complaint(order=order)
        due = clock_of("orders.promise_answer", case.pk).due_at
        assert due == case.opened_at + DAY
        fire(platform_at, due)
        assert records(order) == [("answer_24h", "broken", 195, 195)]


class TestRulings:
    def test_a_refund_under_the_promised_days_keeps_them(self):
        order = delivered("return_30d")
        back = a_return(order, at=GOT + 20 * DAY, received=True)
        returns.refund(return_id=back.pk, actor=member_of(order), at=back.received_at)
        drain(at=back.received_at)
        assert records(order) == [("return_30d", "kept", 0, 0)]

    def test_the_law_s_own_days_are_no_promise(self):
        order = delivered()
        back = a_return(order, at=GOT + HOUR, received=True)
        returns.refund(return_id=back.pk, actor=member_of(order), at=back.received_at)
        drain(at=back.received_at)
        assert records(order) == []

    def test_a_refusal_that_a_ruling_undoes_is_a_broken_promise(self, platform_at):
        order = delivered("return_30d")
        back = a_return(order, at=GOT + HOUR, received=True)
        returns.refuse(return_id=back.pk, reason="不退", actor=member_of(order), at=back.received_at)
        drain(at=back.received_at)
        case = a_complaint_to_decide(order=order)
        rule(case, a_ruling(case), at=case.opened_at + 3 * DAY)
        drain(at=case.opened_at + 3 * DAY)
        assert [each[:2] for each in records(order)] == [("return_30d", "broken")]


class TestWhatIsOwedAndMissing:
    def test_at_its_date_the_fund_pays_what_the_shop_lacks(self, platform_at):
        order = delivered("price_protection_30d")
        settlement.settle(order_id=order.pk, actor=member_of(order), at=GOT + 20 * DAY)
        drain(at=GOT + 20 * DAY)
        record = PromiseRecord.objects.create(
            order=order,
            line=order.lines.get(),
            key="price_protection_30d",
            reference=order.pk,
            outcome="kept",
            rule_id="policy.promise.price_protection",
            owed_minor=3900,
            at=GOT,
        )
        with clock.frozen(GOT + 21 * DAY):
            promise_watch.on_payment_due(reference=record.pk, due_at=GOT + 21 * DAY, at=GOT + 21 * DAY)
        record.refresh_from_db()
        assert record.paid_minor == 3900
        assert fund.balance().minor <= 0


class TestFigures:
    def test_few_cases_are_not_shown(self):
        order = delivered("refund_24h")
        back = a_return(order, at=GOT + HOUR, received=True)
        returns.refund(return_id=back.pk, actor=member_of(order), at=back.received_at)
        drain(at=back.received_at)
        (figure,) = promise_figures.of_shop(order.merchant_id, at=back.received_at + DAY)
        assert (figure.promise.key, figure.kept, figure.all, figure.shown) == ("refund_24h", 1, 1, False)
        assert promise_figures.of_shop(order.merchant_id, at=back.received_at + 91 * DAY) == []

    def test_everybody_reads_them(self, at):
        order = delivered("refund_24h")
        at(GOT)
        page = a_visitor().client.get(reverse("orders:shop-promises", args=[order.merchant.slug]))
        assert page.status_code == 200
        nobody = a_visitor().client.get(reverse("orders:shop-promises", args=["nobody"]))
        assert nobody.status_code == 404


class TestWhatItWouldHaveCost:
    def test_counts_what_was_sent_later_than_that(self):
        listing = a_listing()
        an_order(listing=listing, shipped=True)
        an_order(listing=listing)
        made = promises.promise("instant_delivery")
        found = promise_costs.preview(listing.merchant_id, made, categories=(), at=ORDERED + DAY)
        assert (found.cases, found.broken, found.minor) == (2, 2, 390)
        day = promises.promise("dispatch_24h")
        found = promise_costs.preview(listing.merchant_id, day, categories=(), at=ORDERED + 2 * DAY)
        assert (found.cases, found.broken, found.minor) == (2, 1, 195)

    def test_of_other_categories_and_older_orders_nothing(self):
        listing = a_listing()
        an_order(listing=listing)
        made = promises.promise("dispatch_24h")
        for categories, at in ((["textiles"], ORDERED + 2 * DAY), ([], ORDERED + 100 * DAY)):
            assert promise_costs.preview(listing.merchant_id, made, categories=categories, at=at).cases == 0

    def test_says_what_no_machine_can_reckon(self):
        made = promises.promise("repair_pickup")
        assert not promise_costs.preview(a_listing().merchant_id, made, categories=(), at=ORDERED).reckoned


class TestCredit:
    def test_counts_it_from_the_standard_that_knows_promises(self, platform_at):
        later = ORDERED + 40 * DAY
        listing = a_listing()
        a_shop_promise(listing.merchant, "answer_24h", at=LISTED)
        fresh = Listing.objects.with_offer().get(pk=listing.pk)
        order = an_order(listing=fresh, at=later, delivered_at=later + DAY)
        asked = a_return(order, at=later + DAY + HOUR, kind="quality")
        fire(platform_at, clock_of("orders.promise_answer", asked.pk).due_at)
        assert Entry.objects.filter(kind="promise_broken", merchant=listing.merchant).count() == 1

    def test_before_that_it_has_no_place(self, platform_at):
        order = delivered("answer_24h")
        asked = a_return(order, at=GOT + HOUR, kind="quality")
        fire(platform_at, clock_of("orders.promise_answer", asked.pk).due_at)
        assert not Entry.objects.filter(kind__startswith="promise_").exists()
        assert Return.objects.get(pk=asked.pk).state == "asked"

"""What a shop owes on top for goods that it didn't send: owed in the step itself, gathered, transferred."""

from datetime import timedelta

import pytest

from catalog.promises import known
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.money import Money
from notifications.models import Letter
from orders import cancellation, compensation, fulfilment, packing
from orders.models import Order
from payments import accounts, fund, invariants, ledger
from payments.models import Award, LedgerEntry, Payment
from payments.sandbox import bank, straight
from payments.sandbox_models import SandboxCharge
from tests.builders.orders import ORDERED, a_tracking_number, an_order, drain, member_of
from tests.builders.payouts import earns
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
CNY_39 = "39.00"


def due(order):
    return Deadline.objects.get(kind="orders.dispatch", reference=order.pk).due_at


def lapse(order, platform_at):
    at = platform_at(due(order))
    sweep()
    drain(at=at)
    return at


def of(order):
    return [(one.cause, one.amount_minor, one.state) for one in compensation.of_order(order)]


def send(order, pieces):
    fulfilment.ship(
        order_id=order.pk,
        tracking_number=a_tracking_number(),
        pieces=pieces,
        actor=member_of(order),
        at=ORDERED + HOUR,
    )


def letters(order, kind):
    return Letter.objects.filter(kind=f"orders.{kind}", subject_id=order.subject_id).count()


class TestLateDispatch:
    def test_owes_a_share_at_the_instant_without_being_asked(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39))
        earns(order.merchant, 10_000)
        at = lapse(order, platform_at)
        award = Award.objects.get(order_id=order.pk)
        # Five percent of ¥39.00.
        assert (award.rule_id, award.base_minor, award.amount_minor) == (
            "policy.compensation.late_dispatch",
            3900,
            195,
        )
        assert (award.balance_minor, award.fund_minor, award.state) == (195, 0, "requested")
        assert ledger.balance(accounts.available(order.merchant_id)) == Money(10_000 - 195)
        straight.run(at=at)
        drain(at=at)
        award.refresh_from_db()
        assert (award.state, award.settled_at) == ("paid", at)
        assert [letters(order, kind) for kind in ("award_owed", "award_paid")] == [1, 1]
        assert invariants.all_offences() == []

    def test_the_price_stays_whole_and_goes_back_whole(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39))
        at = lapse(order, platform_at)
        order.refresh_from_db()
        assert order.refunded_minor == 0
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=at)
        order.refresh_from_db()
        assert order.refunded == order.total
        assert of(order) == [("late_dispatch", 195, "requested")]

    def test_least_and_most(self, platform_at):
        cheap, dear = (an_order(listing=a_listing(price=price)) for price in ("5.00", "9000.00"))
        for order in (cheap, dear):
            lapse(order, platform_at)
        assert (of(cheap)[0][1], of(dear)[0][1]) == (100, 3000)

    def test_sent_in_time_owes_nothing(self, platform_at):
        order = an_order(listing=a_listing(), shipped=True)
        platform_at(ORDERED + timedelta(days=5))
        sweep()
        assert of(order) == []

    def test_what_the_shop_s_own_promise_pays_is_not_paid_twice(self, platform_at):
        assert "dispatch_24h" in known()
        order = an_order(listing=a_listing(price=CNY_39, terms={"promises": ["dispatch_24h"]}))
        lapse(order, platform_at)
        assert of(order) == []
        assert Order.objects.get(pk=order.pk).refunded_minor == 195

    def test_pays_for_the_pieces_that_hadn_t_left(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39, stock=9), quantity=4)
        line = order.lines.get()
        send(order, {line.pk: 3})
        lapse(order, platform_at)
        assert packing.unsent_at(line, due(order)) == 1
        assert Award.objects.get(order_id=order.pk).base_minor == 3900

    def test_the_fund_pays_for_a_shop_that_has_nothing(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39))
        lapse(order, platform_at)
        award = Award.objects.get(order_id=order.pk)
        assert (award.fund_minor, award.state) == (195, "requested")
        assert fund.debt(order.merchant_id) == Money(195)

    def test_twice_is_once(self, platform_at):
        order = an_order(listing=a_listing())
        at = lapse(order, platform_at)
        order = Order.objects.get(pk=order.pk)
        compensation.on_late_dispatch(order, due_at=due(order), at=at + HOUR)
        award = Award.objects.get(order_id=order.pk)
        assert LedgerEntry.objects.filter(reference=award.pk).count() == 2


class TestDispute:
    def test_waits_for_the_bank_and_is_paid_when_it_has_spoken(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39))
        at = platform_at(ORDERED + HOUR)
        payment = Payment.objects.get(pk=order.payment_id)
        held = bank.dispute(SandboxCharge.objects.get(payment_number=payment.number), 1000, at=at)
        straight.run(at=at)
        drain(at=at)
        at = lapse(order, platform_at)
        assert of(order) == [("late_dispatch", 195, "owed")]
        bank.decide(held.pk, won=True, at=at)
        straight.run(at=at + HOUR)
        drain(at=at + HOUR)
        assert of(order)[0][2] in ("requested", "sent", "paid")
        assert invariants.all_offences() == []


class TestShopCancels:
    def test_owes_on_top_of_the_whole_refund_in_the_same_step(self):
        order = an_order(listing=a_listing(price="120.00"))
        cancellation.cancel(order_id=order.pk, actor=member_of(order), at=ORDERED + HOUR)
        order.refresh_from_db()
        assert (order.state, order.refunded) == ("cancelled", order.total)
        award = Award.objects.get(order_id=order.pk)
        assert (award.rule_id, award.amount_minor) == ("policy.compensation.shop_cancelled", 1200)

    def test_the_buyer_s_own_wish_owes_nothing(self):
        order = an_order(listing=a_listing())
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED + HOUR)
        assert of(order) == []

    def test_not_paid_yet_owes_nothing(self):
        order = an_order(listing=a_listing(), paid=False)
        cancellation.cancel(order_id=order.pk, actor=member_of(order), at=ORDERED + timedelta(minutes=1))
        assert of(order) == []

    def test_never_sent_owes_both_when_the_last_day_passes(self, platform_at):
        order = an_order(listing=a_listing(price="120.00"))
        lapse(order, platform_at)
        at = platform_at(Deadline.objects.get(kind="orders.dispatch_limit", reference=order.pk).due_at)
        sweep()
        drain(at=at)
        assert [each[:2] for each in of(order)] == [("late_dispatch", 600), ("shop_cancelled", 1200)]

    def test_the_rest_of_an_order_pays_for_the_rest(self):
        order = an_order(listing=a_listing(price="60.00", stock=9), quantity=3)
        line = order.lines.get()
        send(order, {line.pk: 1})
        cancellation.cancel(order_id=order.pk, actor=member_of(order), at=ORDERED + 2 * HOUR)
        assert Award.objects.get(order_id=order.pk).base_minor == 12_000

    def test_the_shop_sees_the_sum_before_it_cancels(self):
        order = an_order(listing=a_listing(price="120.00"))
        assert compensation.if_cancelled(order).extra == Money(1200)


class TestPage:
    def test_the_buyer_reads_sum_reckoning_and_place(self, platform_at):
        buyer = a_buyer()
        order = an_order(listing=a_listing(price=CNY_39), subject_id=buyer.subject_id)
        lapse(order, platform_at)
        shown = buyer.client.get(f"/orders/{order.number}/").content.decode()
        assert "1.95" in shown and "5%" in shown
        assert "由商家保证金" not in shown

    def test_the_shop_reads_it_too(self, platform_at):
        order = an_order(listing=a_listing(price=CNY_39))
        lapse(order, platform_at)
        member = a_member(order.merchant)
        url = f"/merchant/{order.merchant.slug}/orders/{order.number}/"
        assert "1.95" in member.client.get(url).content.decode()

"""A pack is used a part at a time: each use releases its share, and what wasn't used goes back to the fen."""

from datetime import timedelta

import pytest

from kernel.actor import Actor
from kernel.money import Money
from merchants import closing
from notifications.models import Letter
from orders import asking, cancellation, holds, invariants, refunding, returns, shop_share, taking_back
from orders.models import Order, Return, Voucher, VoucherUse
from orders.states import OrderState
from orders.vouchers import ending, sums
from payments import accounts, escrow, ledger
from tests.builders.orders import ORDERED, drain
from tests.builders.vouchers import a_pack, a_voucher, redeem
from tests.journeys import shopping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("platform_at")]


@pytest.fixture
def pack():
    return a_voucher(a_pack())


def fresh(order):
    return Order.objects.get(pk=order.pk)


def sound():
    assert invariants.all_offences() == []


class TestTheArithmetic:
    def test_indivisible_shares_add_up_to_what_was_paid(self):
        # 100.01 for 5: floors of 2000.2, 4000.4, 6000.6, 8000.8 and 10001.
        each = [sums.share(paid=10001, uses=5, number=number) for number in range(1, 6)]
        assert each == [2000, 2000, 2000, 2000, 2001] and sum(each) == 10001

    def test_two_used_of_five(self):
        # 100.01 - floor(100.01 x 2 / 5) = 100.01 - 40.00.
        found = sums.unused(paid=Money(10001), uses=5, used=2, before=Money(0))
        assert (found.kept, found.amount, found.unused) == (Money(4000), Money(6001), 3)

    def test_what_went_back_before_is_not_paid_twice(self):
        found = sums.unused(paid=Money(10001), uses=5, used=2, before=Money(5000))
        assert found.amount == Money(5001)
        assert sums.unused(paid=Money(10001), uses=5, used=2, before=Money(10001)).amount == Money(0)

    def test_nothing_left_is_nothing_back(self):
        assert sums.unused(paid=Money(10001), uses=5, used=5, before=Money(0)).amount == Money(0)
        assert sums.unused(paid=Money(10001), uses=5, used=2, back=3, before=Money(0)).amount == Money(0)


class TestReleasedByUse:
    def test_each_use_after_its_week(self, pack):
        redeem(pack, 2, at=ORDERED + timedelta(days=1))
        assert [each.share_minor for each in VoucherUse.objects.order_by("number")] == [2000, 2000]
        shopping.time_passes(ORDERED + timedelta(days=6))
        assert escrow.balance(pack.pk) == Money(10001)
        shopping.time_passes(ORDERED + timedelta(days=10))
        order = fresh(pack)
        assert (order.state, order.released_minor, escrow.balance(pack.pk)) == ("paid", 4000, Money(6001))
        fee = shop_share.fee_on(Money(4000), order)
        kept = [accounts.available(order.merchant_id), accounts.reserve(order.merchant_id)]
        assert sum(ledger.balance(each, "CNY").minor for each in kept) == 4000 - fee.minor
        sound()

    def test_nothing_while_a_hold_stands_and_then_at_once(self, pack):
        redeem(pack, at=ORDERED + timedelta(days=1))
        facts = {"order_id": pack.pk, "reason": "complaint", "reference": pack.pk, "actor": Actor.system()}
        holds.place(**facts, at=ORDERED + timedelta(days=2))
        shopping.time_passes(ORDERED + timedelta(days=20))
        assert fresh(pack).released_minor == 0
        holds.lift(**facts, at=ORDERED + timedelta(days=21))
        assert fresh(pack).released_minor == 2000
        sound()

    def test_used_up_it_is_delivered_and_settles_to_the_fen(self, pack):
        redeem(pack, 5, at=ORDERED + timedelta(days=1))
        assert fresh(pack).state == OrderState.DELIVERED
        shopping.time_passes(ORDERED + timedelta(days=60))
        order = fresh(pack)
        assert (order.state, order.released_minor, escrow.balance(pack.pk)) == ("settled", 10001, Money(0))
        fee = shop_share.fee_on(Money(10001), order)
        assert ledger.balance(accounts.FEES, "CNY") == fee
        sound()


class TestPaidBack:
    def test_cancelled_after_two_uses(self, pack):
        redeem(pack, 2, at=ORDERED + timedelta(days=1))
        buyer = Actor.buyer(pack.subject_id)
        assert cancellation.worth(fresh(pack)) == Money(6001)
        cancellation.cancel(order_id=pack.pk, actor=buyer, at=ORDERED + timedelta(days=20))
        drain(at=ORDERED + timedelta(days=20))
        order, voucher = fresh(pack), Voucher.objects.get()
        assert (order.state, order.refunded_minor) == (OrderState.DELIVERED, 6001)
        assert (voucher.used, voucher.back, voucher.left) == (2, 3, 0)
        line = order.lines.get()
        assert (line.sent_quantity, line.cancelled_quantity, line.refunded_minor) == (1, 0, 6001)
        shopping.time_passes(ORDERED + timedelta(days=90))
        assert (fresh(pack).state, fresh(pack).released_minor) == ("settled", 4000)
        sound()

    def test_two_packs_of_which_one_is_begun(self):
        # 200.02 for 10 uses, 3 used: 200.02 - floor(200.02 x 3 / 10) = 200.02 - 60.00.
        order = a_voucher(a_pack(), quantity=2)
        redeem(order, 3)
        cancellation.cancel(
            order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED + timedelta(days=2)
        )
        line = order.lines.get()
        assert (line.sent_quantity, line.cancelled_quantity, line.refunded_minor) == (1, 1, 14002)
        assert fresh(order).state == OrderState.DELIVERED
        sound()

    def test_lapsed_by_itself_after_a_release(self, pack):
        redeem(pack, at=ORDERED + timedelta(days=1))
        shopping.time_passes(ORDERED + timedelta(days=367))
        order = fresh(pack)
        assert (order.refunded_minor, order.released_minor) == (8001, 2000)
        assert order.state == OrderState.DELIVERED
        assert Letter.objects.filter(kind="orders.voucher_lapsed").count() == 1
        shopping.time_passes(ORDERED + timedelta(days=420))
        assert fresh(pack).state == OrderState.SETTLED
        sound()

    def test_by_the_shop_it_is_the_same_sum(self, pack):
        redeem(pack, 4)
        member = Actor.member(pack.subject_id, pack.merchant_id)
        cancellation.cancel(order_id=pack.pk, actor=member, at=ORDERED + timedelta(days=3))
        # The last use is worth what is left: 100.01 - 80.00.
        assert fresh(pack).refunded_minor == 2001
        sound()

    def test_a_decided_complaint_reaches_what_was_released(self, pack):
        redeem(pack, 2, at=ORDERED + timedelta(days=1))
        shopping.time_passes(ORDERED + timedelta(days=10))
        at = ORDERED + timedelta(days=11)
        order = Order.objects.get(pk=pack.pk)
        taking_back.fill(order, Money(10001), purpose="complaint:x", actor=Actor.system(), at=at)
        refunding.refund_part(
            order_id=pack.pk, amount=Money(10001), purpose="complaint:x", actor=Actor.system(), at=at
        )
        drain(at=at)
        order = fresh(pack)
        assert (order.refunded_minor, order.released_minor) == (10001, 0)
        assert order.state == OrderState.REFUNDED
        sound()

    def test_a_sum_of_nothing_used_is_everything(self, pack):
        assert ending.worth(fresh(pack)) == Money(10001)


class TestTheShopCloses:
    def test_its_buyers_are_told_and_get_the_unused_back_on_the_day(self, pack):
        redeem(pack, at=ORDERED + timedelta(days=1))
        member, at = Actor.member(pack.subject_id, pack.merchant_id), ORDERED + timedelta(days=2)
        closing.announce(merchant_id=pack.merchant_id, actor=member, at=at)
        drain(at=at)
        assert Letter.objects.filter(kind="orders.voucher_shop_closes").count() == 1
        shopping.time_passes(at + timedelta(days=29))
        assert fresh(pack).refunded_minor == 0
        shopping.time_passes(at + timedelta(days=33))
        # One of five is used: 100.01 - 20.00.
        assert (fresh(pack).refunded_minor, Voucher.objects.get().left) == (8001, 0)
        sound()


def test_a_rendered_service_is_not_sent_back(pack):
    redeem(pack, 5)
    line, at = pack.lines.get(), ORDERED + timedelta(days=2)
    facts = {"order_id": pack.pk, "actor": Actor.buyer(pack.subject_id), "at": at}
    for kind in ("no_reason", "quality"):
        with pytest.raises(asking.NotDelivered):
            returns.ask(lines=[(line.pk, 1)], kind=kind, **facts)
    assert not Return.objects.exists()

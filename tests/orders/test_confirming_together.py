"""One payment over several shops, of which some confirm first; and what a provider took at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deadlines import booking
from kernel.actor import Actor
from orders import cancellation, confirming, fulfilment
from orders.checkout import Checkout
from orders.confirm_deadlines import CONFIRMATION
from orders.models import Order
from orders.packing import ConfirmFirst
from payments import capture, escrow
from payments.models import Authorisation, Refund
from payments.sandbox_models import SandboxCharge
from tests.builders.orders import (
    a_checkout,
    a_tracking_number,
    drain,
    member_of,
)
from tests.builders.reserved import (
    AT,
    LATER,
    a_reserved_order,
    confirm,
    decline,
    facts,
    fresh,
    made_to_order,
    payment_of,
    settled,
    work,
)
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


class TestAPurchaseOfSeveralShops:
    def two(self) -> tuple[Checkout, Order, Order]:
        """One that its shop confirms, and one that needs nothing; one payment."""
        mine, other = made_to_order(), a_listing(merchant=a_merchant())
        done = a_reserved_order(mine, other)
        first = next(each for each in done.orders if each.merchant_id == mine.merchant_id)
        return done, first, next(each for each in done.orders if each.pk != first.pk)

    def test_is_taken_once_with_what_stands(self) -> None:
        done, first, other = self.two()
        assert {fresh(first).state, fresh(other).state} == {"reserved"}
        confirm(first)
        assert {fresh(first).state, fresh(other).state} == {"paid"}
        assert SandboxCharge.objects.get().amount_minor == done.payment.amount_minor
        settled()

    def test_keeps_what_needed_no_word_when_the_other_shop_can_t(self) -> None:
        done, first, other = self.two()
        decline(first)
        assert (fresh(first).state, fresh(other).state) == ("cancelled", "paid")
        assert SandboxCharge.objects.get().amount_minor == other.total_minor
        assert escrow.balance(other.pk) == other.total
        assert payment_of(done).taken == other.total and not Refund.objects.exists()
        settled()

    def test_what_needed_no_word_may_be_cancelled_meanwhile(self) -> None:
        _done, first, other = self.two()
        cancellation.cancel(order_id=other.pk, actor=Actor.buyer(other.subject_id), at=LATER)
        work(LATER)
        assert (fresh(first).state, fresh(other).state) == ("reserved", "cancelled")
        confirm(first)
        assert SandboxCharge.objects.get().amount_minor == first.total_minor
        settled()

    def test_waits_for_the_last_of_two_shops_to_confirm(self) -> None:
        mine, other = made_to_order(), made_to_order(hours=48, merchant=a_merchant())
        done = a_reserved_order(mine, other)
        first, second = sorted(done.orders, key=lambda each: each.confirm_hours or 0)
        confirm(first)
        assert {fresh(first).state, fresh(second).state} == {"reserved"}
        decline(second, at=AT + timedelta(hours=40))
        assert (fresh(first).state, fresh(second).state) == ("paid", "cancelled")
        assert Authorisation.objects.get().capture == first.total
        settled()


class TestTakenAtOnce:
    """WeChat Pay can't reserve: the money is in escrow, and the shop's word is still awaited."""

    def paid(self) -> Order:
        done = a_checkout(listings=[(made_to_order(), 1)])
        capture.record(
            payment_id=done.payment.pk,
            provider="wechatpay",
            charge_id="4200",
            amount=done.payment.due,
            actor=Actor.provider("wechatpay"),
            at=AT,
        )
        drain(at=AT)
        return fresh(done.orders[0])

    def test_is_paid_and_waits(self) -> None:
        order = self.paid()
        assert (order.state, order.confirm_by) == ("paid", AT + timedelta(hours=24))
        assert booking.find(kind=CONFIRMATION, reference=order.pk) is not None
        with pytest.raises(ConfirmFirst):
            fulfilment.ship(
                order_id=order.pk, tracking_number=a_tracking_number(), actor=member_of(order), at=LATER
            )
        settled()

    def test_confirmed_it_can_be_sent(self) -> None:
        order = self.paid()
        confirming.confirm(order_id=order.pk, actor=member_of(order), at=LATER)
        fulfilment.ship(
            order_id=order.pk, tracking_number=a_tracking_number(), actor=member_of(order), at=LATER
        )
        assert fresh(order).state == "shipped"

    @pytest.mark.parametrize("silent", [True, False])
    def test_declined_or_not_answered_all_of_it_goes_back(self, silent: bool) -> None:
        order = self.paid()
        if silent:
            confirming.take_silence_for_no(order_id=order.pk, at=AT + timedelta(hours=24))
        else:
            confirming.decline(order_id=order.pk, reason="cannot_make", actor=member_of(order), at=LATER)
        order = fresh(order)
        assert (order.state, order.refunded) == ("cancelled", order.total)
        assert Refund.objects.get().amount == order.total
        assert facts("OrderCancelled")[0]["cause"] == ("not_confirmed" if silent else "declined_cannot_make")

"""Cancelling: free before it is sent, whole purchases before they are paid, never after."""

from datetime import timedelta

import pytest

from catalog.models import Stock
from deadlines.models import Deadline
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from orders import cancellation
from orders.models import Order
from outbox.models import Message
from payments import escrow
from payments.models import Payment, Refund
from payments.sandbox import straight
from tests.builders.orders import ORDERED, a_checkout, an_order, drain, member_of, pay
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


def cancel(order: Order, *, actor: Actor | None = None, at=ORDERED) -> None:  # type: ignore[no-untyped-def]
    cancellation.cancel(order_id=order.pk, actor=actor or Actor.buyer(order.subject_id), at=at)


def cause() -> str:
    return str(Message.objects.filter(name="orders.OrderCancelled").latest("id").payload["cause"])


class TestPaid:
    def test_the_buyer_gets_everything_back_and_the_shelf_its_goods(self) -> None:
        listing = a_listing(price="39.00", freight="6.00", stock=3)
        order = an_order(listing=listing, quantity=2)
        cancel(order, at=ORDERED + timedelta(hours=1))
        straight.run(at=ORDERED + timedelta(hours=1))
        order.refresh_from_db()
        assert (order.state, order.refunded, escrow.balance(order.pk)) == ("cancelled", order.total, Money(0))
        assert Refund.objects.get().state == "paid"
        assert Stock.objects.get(pk=listing.pk).on_hand == 3
        assert not Deadline.objects.filter(reference=order.pk, state="open").exists()
        assert cause() == "changed_mind"

    def test_after_the_broken_promise_it_is_the_merchants_fault(self) -> None:
        order = an_order()
        cancel(order, at=order.dispatch_by)
        assert cause() == "dispatch_late"

    def test_the_merchant_may_too(self) -> None:
        order = an_order()
        cancel(order, actor=member_of(order))
        assert cause() == "out_of_stock"

    def test_custom_made_goods_wait_for_the_broken_promise(self) -> None:
        order = an_order(listing=a_listing(category="custom-made"))
        with pytest.raises(cancellation.MadeToOrder):
            cancel(order, at=order.dispatch_by - timedelta(seconds=1))
        cancel(order, at=order.dispatch_by)
        assert Order.objects.get(pk=order.pk).state == "cancelled"

    def test_never_once_it_was_sent(self) -> None:
        order = an_order(shipped=True)
        with pytest.raises(IllegalMove):
            cancel(order)
        assert escrow.balance(order.pk) == order.total


class TestUnpaid:
    def test_ends_every_order_of_the_purchase_and_its_payment(self) -> None:
        first, second = a_listing(stock=1), a_listing(stock=1)
        done = a_checkout(listings=[(first, 1), (second, 1)])
        cancel(done.orders[0])
        assert {order.state for order in Order.objects.all()} == {"cancelled"}
        assert {row.reserved for row in Stock.objects.all()} == {0}
        assert Payment.objects.get().state == "expired"

    def test_money_that_comes_after_all_goes_back(self) -> None:
        done = a_checkout()
        cancel(done.orders[0])
        pay(done, at=ORDERED + timedelta(minutes=40), choice="late")
        order = Order.objects.get()
        assert (order.state, order.refunded, escrow.balance(order.pk)) == ("cancelled", order.total, Money(0))

    def test_loses_to_money_that_was_faster(self) -> None:
        done = a_checkout()
        straight.pay(done.payment.number, at=ORDERED)
        with pytest.raises(cancellation.JustPaid):
            cancel(done.orders[0])
        drain(at=ORDERED)
        assert Order.objects.get().state == "paid"

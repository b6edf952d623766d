"""Money without an order's next step, and an order without money, stand before staff within minutes."""

from datetime import timedelta

import pytest

from orders import money_watch
from orders.states import OrderState
from payments.models import Difference, Payment
from payments.sandbox import straight
from tests.builders.money import a_captured_payment
from tests.builders.orders import ORDERED, a_checkout, an_order

pytestmark = pytest.mark.django_db


def test_money_whose_order_still_waits_is_found_after_minutes_and_once():
    done = a_checkout()
    # The notice is taken in, the fact isn't handed on.
    straight.pay(done.payment.number, at=ORDERED)
    assert money_watch.look(at=ORDERED + timedelta(minutes=4)) == 0
    assert money_watch.look(at=ORDERED + timedelta(minutes=6)) == 1
    assert money_watch.look(at=ORDERED + timedelta(minutes=7)) == 0
    found = Difference.objects.get()
    assert (found.what, found.key, found.ours) == ("without_order", done.orders[0].number, None)
    assert found.theirs == done.orders[0].total


def test_an_order_that_goes_on_without_money_is_found():
    order = an_order()
    Payment.objects.filter(pk=order.payment_id).update(state="open", captured_at=None)
    assert order.state == OrderState.PAID
    assert money_watch.look(at=ORDERED + timedelta(hours=1)) == 1
    found = Difference.objects.get()
    assert (found.theirs, found.ours, found.detail) == (None, order.total, "no money")


def test_what_is_as_it_should_be_is_left_alone():
    an_order()
    an_order(paid=False)
    assert money_watch.look(at=ORDERED + timedelta(hours=1)) == 0


def test_a_notice_that_fits_nothing_stands_before_staff_at_once():
    payment = a_captured_payment(10_000, choice="wrong_amount")
    found = Difference.objects.get()
    assert (found.what, found.detail, found.theirs_minor) == ("parked", "other amount", 10_100)
    payment.refresh_from_db()
    assert payment.state == "open"

"""Journey (c): bought, delivered, kept; the merchant is paid and the fee booked when it was written down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from orders.models import Order
from outbox import platform_clock
from payments import accounts, escrow, ledger
from tests.builders.payouts import within_reach
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)


def test_two_merchants_are_each_paid_their_own() -> None:
    platform_clock.allow_shifting(allowed=True)
    cup, tray = a_listing(price="100.00"), a_listing(price="50.00", freight="5.00")
    buyer = a_buyer()
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, cup), shopping.put_in_cart(buyer.client, tray)
        orders = shopping.buy(buyer.client, DAY)
    assert sorted(order.total for order in orders) == [Money(5500), Money(10000)]
    delivered = DAY + timedelta(days=3)
    for number, order in enumerate(orders):
        with clock.frozen(DAY + timedelta(hours=2)):
            shopping.ship(a_member(order.merchant).client, order, f"SF77{number:08d}")
        with clock.frozen(delivered):
            shopping.carrier_says(f"SF77{number:08d}", "delivered", delivered)

    first = Order.objects.get(pk=orders[0].pk)
    shopping.time_passes(first.settles_at - timedelta(microseconds=1))
    assert Order.objects.get(pk=first.pk).state == "delivered"
    shopping.time_passes(first.settles_at)
    for order in Order.objects.all():
        fee = order.total.permille(20)
        assert (order.state, escrow.balance(order.pk)) == ("settled", Money(0))
        assert within_reach(order.merchant_id, "CNY") == order.total - fee
    # Fees of 2 %, less the points that the buyer earns (1 % of 100.00 and of 55.00) and the shops (10 % of
    # the fees: sent in time, and no case).
    assert ledger.balance(accounts.FEES) == Money(200 + 110 - 100 - 55 - 20 - 11)
    page = buyer.client.get(reverse("orders:order", args=[first.number]))
    assert page.status_code == 200

"""Journey (a): bought, delivered, returned without a reason, refunded to the fen; all over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from catalog.models import Stock
from kernel import clock
from kernel.money import Money
from orders import guest_links
from orders.models import Order, Return
from payments import escrow
from payments.models import Refund
from payments.sandbox import straight
from tests.builders.people import a_buyer, a_guest, a_member
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("who", [a_buyer, a_guest], ids=["member", "guest"])
def test_two_of_three_go_back(who) -> None:  # type: ignore[no-untyped-def]
    listing = a_listing(price="33.33", freight="10.00", stock=5)
    buyer, seller = who(), a_member(listing.merchant)
    guest = {} if buyer.user else {"email": "lin@example.com"}
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing, 3)
        (order,) = shopping.buy(buyer.client, DAY, **guest)
    assert order.total == Money(9999 + 1000)
    assert Stock.objects.get(pk=listing.pk).on_hand == 2

    with clock.frozen(DAY + timedelta(hours=5)):
        shopping.ship(seller.client, order, "SF 0000 1111 22")
    delivered = DAY + timedelta(days=2)
    with clock.frozen(delivered):
        assert shopping.carrier_says("SF0000111122", "delivered", delivered).status_code == 200
        page = buyer.client.get(reverse("orders:order", args=[order.number]))
        assert page.status_code == 200
        made = shopping.return_goods(buyer.client, order, 2)
    # 2/3 of 99.99 is 66.66, 2/3 of 10.00 freight is 6.66.
    assert (made.state, made.amount) == ("accepted", Money(6666 + 666))

    posted = delivered + timedelta(days=1)
    with clock.frozen(posted):
        post = reverse("orders:return-parcel", args=[made.number])
        told = {"tracking_number": "SF9000111122", "idempotency_key": shopping.key()}
        assert buyer.client.post(post, told).status_code == 303  # a double click is one parcel
        assert buyer.client.post(post, told).status_code == 303
        shopping.carrier_says("SF9000111122", "collected", posted)
    back = posted + timedelta(days=2)
    with clock.frozen(back):
        shopping.carrier_says("SF9000111122", "delivered", back)
        refund = reverse("orders:merchant-return-refund", args=[listing.merchant.slug, made.number])
        assert seller.client.post(refund, {"idempotency_key": shopping.key()}).status_code == 303
        straight.run(at=back)
        shopping.drain(back)
    order.refresh_from_db()
    assert Return.objects.get(pk=made.pk).state == "refunded"
    assert (order.state, order.refunded, escrow.balance(order.pk)) == ("delivered", Money(7332), Money(3667))
    assert [(refund.state, refund.amount) for refund in Refund.objects.all()] == [("paid", Money(7332))]


def test_a_guest_finds_the_order_again_by_its_link() -> None:
    buyer, listing = a_guest(), a_listing()
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing)
        (order,) = shopping.buy(buyer.client, DAY, email="lin@example.com")
    another_browser = a_guest().client
    another_browser.cookies.clear()
    link = guest_links.link(order)
    assert another_browser.get(f"{link[:-3]}xx/").status_code == 404
    found = another_browser.get(link, follow=True)
    assert found.status_code == 200 and order.number in found.content.decode()
    assert Order.objects.get(pk=order.pk).subject_id == buyer.subject_id


def test_a_guest_reaches_the_payment_page_and_the_receipt() -> None:
    buyer, listing = a_guest(), a_listing()
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing)
        to_pay = shopping.check_out(buyer.client, email="lin@example.com")["Location"]
        assert buyer.client.get(to_pay).status_code == 200
        number = to_pay.rstrip("/").rpartition("/")[2]
        straight.pay(number, at=DAY)
        shopping.drain(DAY)
        assert buyer.client.get(reverse("orders:receipt", args=[number])).status_code == 200
        assert a_guest().client.get(reverse("orders:receipt", args=[number])).status_code == 404

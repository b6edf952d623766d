"""The receipt of an order: every sum that was paid, each discount by its cause, and what went back."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.actor import Actor
from orders import cart, checkout
from orders.models import Order
from orders.refunding import Money, refund_part
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order, pay
from tests.builders.people import Person, a_buyer, a_guest, a_member
from tests.builders.promotions import a_coupon, a_promotion
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


def receipt(person: Person, order: Order, query: str = "") -> Any:
    with clock.frozen(LATER):
        return person.client.get(reverse("orders:order-receipt", args=[order.number]) + query)


@pytest.fixture
def bought() -> tuple[Person, Order]:
    """200.00 and 2 × 50.00, 30.00 off by an offer, 20.00 by a coupon, freight 10.00 each; 5.00 went back."""
    shop, buyer = a_merchant(), a_buyer()
    a_promotion(shop, names={"zh-hans": "满两百减三十", "en": "30 off 200"})
    names = {"zh-hans": "老客券", "en": "Old friends"}
    a_coupon(shop, buyer.subject_id, names=names, from_minor=10000, off_minor=2000)
    for price, pieces in (("200.00", 1), ("50.00", 2)):
        listing = a_listing(merchant=shop, price=price, freight="10.00")
        cart.put(
            subject_id=buyer.subject_id, listing_id=listing.pk, quantity=pieces, actor=buyer.actor, at=ORDERED
        )
    done = checkout.place_orders(
        subject_id=buyer.subject_id, recipient=LIN_WEI, confirmations={}, actor=buyer.actor, at=ORDERED
    )
    pay(done, at=ORDERED + timedelta(minutes=5))
    refund_part(
        order_id=done.orders[0].pk, amount=Money(500), purpose="case:1", actor=Actor.system(), at=LATER
    )
    return buyer, Order.objects.with_lines().get(pk=done.orders[0].pk)


class TestTheReceipt:
    def test_the_page_names_each_discount_by_its_cause(self, bought: tuple[Person, Order]) -> None:
        buyer, order = bought
        page = receipt(buyer, order).content.decode()
        assert "满两百减三十" in page and "老客券" in page
        charge = page.index(order.merchant.legal_name)
        assert charge > 0 and "¥5.00" in page

    def test_the_file_sums_to_the_fen(self, bought: tuple[Person, Order]) -> None:
        buyer, order = bought
        told = receipt(buyer, order, "?format=json").json()
        # 30.00 over 200.00 and 100.00 is 20.00 and 10.00; 20.00 over 180.00 and 90.00 is 13.33 and 6.67.
        assert [[off["amount"] for off in line["taken_off"]] for line in told["lines"]] == [
            ["13.33", "20.00"],
            ["6.67", "10.00"],
        ]
        assert [line["paid"] for line in told["lines"]] == ["166.67", "83.33"]
        assert (told["goods"], told["taken_off"], told["freight"], told["total"]) == (
            "300.00",
            "50.00",
            order.freight.decimal_text,
            order.total.decimal_text,
        )
        assert (told["gone_back"], told["left"]) == ("5.00", (order.total - Money(500)).decimal_text)
        assert [means["by"] for means in told["means"]] and told["means"][0]["number"]
        assert [row["amount"] for row in told["refunds"]] == ["5.00"]

    def test_it_is_the_buyers_alone_and_only_of_what_was_paid(self, bought: tuple[Person, Order]) -> None:
        buyer, order = bought
        for stranger in (a_buyer(), a_guest(), a_member(order.merchant)):
            assert receipt(stranger, order).status_code == 404
        waiting = an_order(paid=False, subject_id=buyer.subject_id)
        assert receipt(buyer, waiting).status_code == 404

    def test_a_guest_has_one_too(self) -> None:
        guest = a_guest()
        order = an_order(subject_id=guest.subject_id)
        assert receipt(guest, order).status_code == 200
        assert a_subject() != guest.subject_id

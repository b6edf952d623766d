"""The merchant's side: many parcels at once, and no more of the buyer than it needs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from merchants.capabilities import Capability
from orders import bulk_shipping, settlement
from orders.models import Order
from privacy.models import AccessRecord
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.people import a_member
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=2)


class TestBulkShipping:
    def test_each_line_by_itself(self) -> None:
        listing = a_listing()
        first, second, foreign = an_order(listing=listing), an_order(listing=listing), an_order()
        member = a_member(listing.merchant)
        text = (
            f"{first.number} SF11112222\n\n{second.number},SF33334444\n{foreign.number} SF55556666\nnonsense"
        )
        with clock.frozen(LATER):
            address = reverse("orders:merchant-shipments", args=[listing.merchant.slug])
            answer = member.client.post(address, {"rows": text})
        assert answer.status_code == 200
        states = {order.pk: order.state for order in Order.objects.all()}
        assert states == {first.pk: "shipped", second.pk: "shipped", foreign.pk: "paid"}

    def test_says_what_is_wrong_with_a_line(self) -> None:
        order = an_order()
        actor = a_member(order.merchant).actor
        text = (
            f"{order.number} SF11112222\n{order.number} SF99998888\nA0000000000 SF11113333\n{order.number} 12"
        )
        outcomes = bulk_shipping.ship_lines(merchant_id=order.merchant_id, text=text, actor=actor, at=LATER)
        codes = [each.refusal.code if each.refusal else "" for each in outcomes]
        assert codes == ["", "illegal_move", "order_unknown", "tracking_number_invalid"]


class TestPrivatePurchase:
    def test_the_address_is_shown_while_it_is_needed_and_each_look_recorded(self) -> None:
        order = an_order()
        member = a_member(order.merchant)
        address = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
        with clock.frozen(LATER):
            assert "漕溪北路" in member.client.get(address).content.decode()
        look = AccessRecord.objects.get(subject_id=order.subject_id)
        assert look.actor == str(member.actor) and "orders.Order.address" in look.fields

    def test_masked_once_the_order_is_over(self) -> None:
        order = an_order(delivered_at=ORDERED + timedelta(days=2))
        settlement.settle(order_id=order.pk, actor=a_member(order.merchant).actor, at=order.settles_at)
        drain(at=order.settles_at)
        address = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
        page = a_member(order.merchant).client.get(address).content.decode()
        assert "漕溪北路" not in page and "138 0013 8000" not in page and "林*" in page

    def test_a_member_without_orders_sees_no_address_and_ships_nothing(self) -> None:
        order = an_order()
        member = a_member(order.merchant, [Capability.FINANCE])
        slug, number = order.merchant.slug, order.number
        page = member.client.get(reverse("orders:merchant-order", args=[slug, number])).content.decode()
        assert "漕溪北路" not in page
        ship = member.client.post(
            reverse("orders:merchant-shipment", args=[slug, number]),
            {"tracking_number": "SF12345678", "idempotency_key": "a" * 16},
        )
        assert ship.status_code == 404 and Order.objects.get(pk=order.pk).state == "paid"

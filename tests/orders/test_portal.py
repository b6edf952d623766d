"""The merchant's side: many parcels at once, and no more of the buyer than it needs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from merchants.capabilities import Capability
from orders import settlement
from orders.models import Order
from privacy.models import AccessRecord
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.people import a_member

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=2)


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

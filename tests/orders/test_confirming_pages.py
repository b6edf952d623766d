"""What buyer and shop see of an order that its shop confirms first, and what they can do, over HTTP."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.actor import Actor
from merchants.capabilities import Capability
from orders import cart, checkout
from orders.models import Order, Purchase
from orders.paying_with import PayWith, TendersNotReserved
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order
from tests.builders.people import a_member, a_visitor
from tests.builders.reserved import (
    AT,
    LATER,
    a_reserved_order,
    confirm,
    fresh,
    made_to_order,
    work,
)
from tests.builders.shops import a_listing, a_merchant
from tests.orders.test_shop_api import Program

pytestmark = pytest.mark.django_db


def shop_page(order: Order, name: str) -> str:
    return reverse(f"orders:{name}", args=[order.merchant.slug, order.number])


def said(client: Client, address: str, **data: str) -> str:
    with clock.frozen(LATER):
        return client.get(address, data).content.decode()


def post(client: Client, address: str, **data: str) -> int:
    with clock.frozen(LATER):
        return client.post(address, {"idempotency_key": "k" * 16, **data}).status_code


class TestBeforeTheOrder:
    def test_product_page_cart_and_check_page_say_it(self) -> None:
        listing, visitor = made_to_order(hours=6), a_visitor()
        told = "商家在 6 小时内确认"
        with clock.frozen(AT):
            assert told in visitor.client.get(reverse("catalog:product", args=[listing.pk])).content.decode()
            visitor.client.post(
                reverse("orders:cart-lines"),
                {"listing": str(listing.pk), "quantity": "1", "idempotency_key": "c" * 16},
            )
            assert told in visitor.client.get(reverse("orders:cart")).content.decode()
            assert told in visitor.client.get(reverse("orders:checkout")).content.decode()

    def test_goods_that_need_no_word_say_nothing_of_it(self) -> None:
        listing, visitor = a_listing(), a_visitor()
        page = visitor.client.get(reverse("catalog:product", args=[listing.pk])).content.decode()
        assert "小时内确认" not in page

    def test_gift_cards_and_points_can_t_take_part(self) -> None:
        subject = a_subject()
        actor = Actor.buyer(subject)
        cart.put(subject_id=subject, listing_id=made_to_order().pk, actor=actor, at=ORDERED)
        with pytest.raises(TendersNotReserved):
            checkout.place_orders(
                subject_id=subject,
                recipient=LIN_WEI,
                confirmations={},
                pay_with=PayWith(cards_minor=100),
                actor=actor,
                at=ORDERED,
            )
        assert not Purchase.objects.exists() and cart.count(subject_id=subject) == 1


class TestTheShop:
    def test_reads_what_waits_and_confirms_it(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        member = a_member(order.merchant)
        listing = reverse("orders:merchant-orders", args=[order.merchant.slug])
        assert order.number in said(member.client, listing, tab="to_confirm")
        assert order.number not in said(member.client, listing, tab="to_ship")
        page = said(member.client, shop_page(order, "merchant-order"))
        assert "能供货，确认" in page and "漕溪北路" not in page
        assert post(member.client, shop_page(order, "merchant-confirmation")) == 303
        work(LATER)
        assert fresh(order).state == "paid"
        page = said(member.client, shop_page(order, "merchant-order"))
        assert "能供货，确认" not in page and "漕溪北路" in page

    def test_declines_with_a_reason(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        member = a_member(order.merchant)
        assert post(member.client, shop_page(order, "merchant-decline"), reason="cannot_make") == 303
        work(LATER)
        assert fresh(order).state == "cancelled"
        assert "商家不能供货" in said(member.client, shop_page(order, "merchant-order"))

    @pytest.mark.parametrize("reason", ["", "because", "sold_out\x00"])
    def test_without_a_reason_of_the_list_nothing_changes(self, reason: str) -> None:
        order = fresh(a_reserved_order().orders[0])
        member = a_member(order.merchant)
        assert post(member.client, shop_page(order, "merchant-decline"), reason=reason) == 422
        assert fresh(order).state == "reserved"

    def test_sees_its_own_order_alone_and_only_who_may(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        stranger = a_member(a_merchant())
        clerk = a_member(order.merchant, [Capability.FINANCE])
        for name in ("merchant-confirmation", "merchant-decline"):
            for each in (stranger, clerk):
                assert post(each.client, shop_page(order, name), reason="sold_out") == 404
        assert fresh(order).state == "reserved"

    def test_finds_it_on_its_day_s_list(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        member = a_member(order.merchant)
        page = said(member.client, reverse("desk:merchant-today", args=[order.merchant.slug]))
        assert "确认 1 个订单" in page and order.number in page

    def test_confirms_by_program(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        program = Program(order.merchant, a_member(order.merchant))
        told = program.get(f"/orders/{order.number}/").json()
        assert (told["state"], told["confirm_hours"], told["paid_at"]) == ("reserved", 24, None)
        wrong = program.post(f"/orders/{order.number}/refusal/", {"reason": "because"}, key="r" * 16)
        assert wrong.status_code == 400 and fresh(order).state == "reserved"
        done = program.post(f"/orders/{order.number}/confirmation/", {}, key="c" * 16)
        assert done.status_code == 200 and done.json()["confirmed_at"] is not None
        again = program.post(f"/orders/{order.number}/refusal/", {"reason": "sold_out"}, key="d" * 16)
        assert again.status_code == 409 and again.json()["code"] == "nothing_to_confirm"


class TestInTheDatabase:
    def refused(self, sql: str, order: Order) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE orders_order SET {sql} WHERE id = %s", [order.pk])

    def test_nothing_leaves_unconfirmed(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        self.refused("state = 'shipped', paid_at = now(), shipped_at = now()", order)

    def test_a_reserved_order_knows_since_when_and_until_when(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        self.refused("reserved_at = NULL", order)
        self.refused("confirm_by = NULL", order)

    def test_what_needs_no_word_gets_none(self) -> None:
        order = an_order()
        self.refused("confirmed_at = now()", order)
        self.refused("confirm_by = now()", order)

    def test_a_word_is_given_once(self) -> None:
        done = a_reserved_order()
        confirm(done.orders[0])
        order = fresh(done.orders[0])
        self.refused("confirmed_at = NULL", order)
        self.refused("confirmed_at = confirmed_at + interval '1 hour'", order)

    def test_a_paid_order_to_be_confirmed_has_its_time(self) -> None:
        order = fresh(a_reserved_order().orders[0])
        self.refused("state = 'paid', paid_at = now(), confirm_by = NULL", order)

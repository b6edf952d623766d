"""Journey: a used thing bought of a private person; who sells is said before the click and kept after it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from catalog.models import Listing
from deadlines.models import Deadline
from kernel import clock
from kernel.ids import new_id
from merchants import petty_trade
from notifications.models import Letter
from orders import contract_terms
from orders.models import Order, Return
from tests.builders.people import a_buyer, a_member
from tests.builders.private_sellers import a_private_person, a_used_thing
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
PERSON = "个人卖家，不是商家"
DOOR = "示例路 8 号"


def body(answer):
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def bought(listing, buyer):
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing)
        (order,) = shopping.buy(buyer.client, DAY)
    return order


def arrived(order, seller):
    with clock.frozen(DAY + timedelta(hours=5)):
        shopping.ship(seller.client, order, "SF0000111122")
    came = DAY + timedelta(days=2)
    with clock.frozen(came):
        shopping.carrier_says("SF0000111122", "delivered", came)
    return came


class TestBeforeTheClick:
    @pytest.fixture
    def listing(self):
        return a_used_thing(a_private_person())

    def test_product_cart_and_checkout_say_who_sells_and_what_is_missing(self, listing):
        buyer = a_buyer()
        with clock.frozen(DAY):
            product = body(buyer.client.get(reverse("catalog:product", args=[listing.pk])))
            shopping.put_in_cart(buyer.client, listing)
            cart = body(buyer.client.get(reverse("orders:cart")))
            checkout = body(buyer.client.get(reverse("orders:checkout")))
        for page in (product, cart, checkout):
            assert PERSON in page
        for page in (product, checkout):
            assert "个人卖的，不是商家，消费者法的这项权利不适用。" in page
            assert "3 倍" not in page.partition("</main>")[0]
        assert "confirm_" not in checkout, "there is nothing to agree to: the law gives no such return"

    def test_the_card_says_it_too(self, listing):
        with clock.frozen(DAY):
            shelf = body(a_buyer().client.get("/c/second-hand/", follow=True))
        assert PERSON in shelf

    def test_where_it_lives_and_its_name_stand_nowhere_in_public(self, listing):
        client, slug = a_buyer().client, listing.merchant.slug
        with clock.frozen(DAY):
            pages = [
                reverse("catalog:product", args=[listing.pk]),
                reverse("catalog:shop", args=[slug]),
                reverse("merchants:register"),
                reverse("merchants:register") + "?format=csv",
                f"/api/v1/listings/{listing.pk}",
            ]
            for path in pages:
                answer = client.get(path, follow=True)
                text = answer.content.decode()
                assert answer.status_code == 200, path
                assert DOOR not in text and "沈禾" not in text and "0571-8888" not in text, path
            found = body(client.get(reverse("merchants:register") + "?q=沈禾"))
            assert listing.merchant.display_name not in found.partition("<table")[2]

    def test_the_api_says_the_kind(self, listing):
        other = a_listing(category="second-hand")
        with clock.frozen(DAY):
            told = json.loads(body(a_buyer().client.get(f"/api/v1/listings/{listing.pk}", follow=True)))
            shop = json.loads(body(a_buyer().client.get(f"/api/v1/listings/{other.pk}", follow=True)))
        assert (told["seller"]["kind"], told["seller"]["contact"]) == ("private", "")
        assert told["seller"]["address"] == "浙江省杭州市西湖区"
        assert shop["seller"]["kind"] == "business"


class TestAfterIt:
    def test_the_order_keeps_it_and_refuses_a_return_without_a_reason(self):
        merchant, buyer = a_private_person(), a_buyer()
        seller, listing = a_member(merchant), a_used_thing(merchant)
        order = bought(listing, buyer)
        assert order.seller_kind == "private"
        came = arrived(order, seller)
        order.refresh_from_db()
        assert Deadline.objects.get(reference=order.pk, kind="orders.private_return").rule_id == (
            "cn.private.conformity"
        )
        assert not Deadline.objects.filter(reference=order.pk, kind="orders.return_window").exists()
        assert Letter.objects.filter(kind="orders.order_delivered_by_person").count() == 1
        line = order.lines.get()
        told = {"kind": "no_reason", "note": "", f"line_{line.pk.hex}": 1}
        with clock.frozen(came):
            page = body(buyer.client.get(reverse("orders:order", args=[order.number])))
            assert PERSON in page and "和描述不符就退回" in page
            wizard = body(buyer.client.get(reverse("orders:return", args=[order.number])))
            assert 'value="no_reason"' not in wizard
            refused = buyer.client.post(reverse("orders:return-check", args=[order.number]), told)
            contract = body(buyer.client.get(reverse("orders:contract", args=[order.number])))
        assert refused.status_code == 422
        assert Return.objects.count() == 0
        assert PERSON in contract and DOOR not in contract

    def test_what_isnt_as_described_goes_back_to_the_door_that_is_told_then(self):
        merchant, buyer = a_private_person(), a_buyer()
        seller, listing = a_member(merchant), a_used_thing(merchant)
        order = bought(listing, buyer)
        came = arrived(order, seller)
        line = order.lines.get()
        told = {"kind": "not_as_described", "note": "划痕没写", f"line_{line.pk.hex}": 1}
        with clock.frozen(came):
            step = buyer.client.post(reverse("orders:return-check", args=[order.number]), told)
            told["idempotency_key"] = shopping.hidden(step, "idempotency_key")
            assert buyer.client.post(reverse("orders:returns", args=[order.number]), told).status_code == 303
            made = Return.objects.get()
            asked = body(buyer.client.get(reverse("orders:return-page", args=[made.number])))
            assert DOOR not in asked
            accept = reverse("orders:merchant-return-acceptance", args=[merchant.slug, made.number])
            assert seller.client.post(accept, {"idempotency_key": shopping.key()}).status_code == 303
            page = body(buyer.client.get(reverse("orders:return-page", args=[made.number])))
        assert DOOR in page
        assert (made.rule_id, made.postage_payer) == ("cn.private.conformity", "trader")

    def test_a_promised_return_is_kept_to(self):
        merchant, buyer = a_private_person(), a_buyer()
        listing = a_used_thing(merchant, promises=("return_14d",))
        order = bought(listing, buyer)
        came = arrived(order, a_member(merchant))
        with clock.frozen(came):
            made = shopping.return_goods(buyer.client, order)
        assert (made.state, made.rule_id, made.kind) == ("accepted", "promise.return.days", "no_reason")

    def test_who_became_a_trader_since_owes_what_was_agreed_then(self):
        merchant = a_private_person()
        listing = a_used_thing(merchant, stock=2)
        first = bought(listing, a_buyer())
        petty_trade.note_sale(merchant_id=merchant.pk, reference=new_id(), amount_minor=2_000_001, at=DAY)
        second = bought(listing, a_buyer("周"))
        assert Order.objects.get(pk=first.pk).seller_kind == "private"
        assert second.seller_kind == "business"
        assert {each.id for each in contract_terms.rights_of(second, second.lines.get())} == {
            *("no_reason_return", "escrow", "quality_return", "fraud")
        }


class TestWhatItMaySell:
    def test_new_goods_are_refused_and_stay_a_draft(self):
        merchant = a_private_person()
        listing = a_listing(merchant=merchant, live=False)
        answer = a_member(merchant).client.post(
            reverse("catalog:listing-publication", args=[merchant.slug, listing.pk])
        )
        assert answer.status_code in (303, 409, 422)
        assert Listing.objects.get(pk=listing.pk).state == "draft"

"""An order is picked up at a service point by code: made ready, shown, handed over, or nobody came."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog import stock
from kernel import clock
from notifications.models import Letter
from orders.models import CartLine, Order, PointCode, Return, ServicePoint
from orders.states import OrderState, ReturnState
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_member
from tests.builders.pickup import a_pickup, a_point
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping
from tests.journeys.test_freight_by_province import choose, using, written

pytestmark = pytest.mark.django_db
WRITTEN = {
    "name": "徐汇店",
    "address": "上海市徐汇区漕溪北路 1 号",
    "hours": "每天 10:00–20:00",
    "offers": ["pickup", "return"],
}


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def text(answer):
    return answer.content.decode()


def enter(owner, shop, code, **step):
    url = reverse("orders:merchant-codes", args=[shop.slug])
    return owner.client.post(url, {"code": code, "idempotency_key": shopping.key(), **step})


def shown_code(order):
    return PointCode.objects.live().get(order=order).code


class TestTheShopsPoints:
    def test_from_opened_to_closed(self, shop, owner):
        url = reverse("orders:merchant-points", args=[shop.slug])
        assert owner.client.post(url, WRITTEN).status_code == 303
        point = ServicePoint.objects.get()
        said = text(owner.client.get(url))
        assert "徐汇店" in said and "店里全部商品" in said and "到店自提" in said
        page = reverse("orders:merchant-point", args=[shop.slug, point.pk])
        assert "漕溪北路" in text(owner.client.get(page))
        assert owner.client.post(page, {**WRITTEN, "hours": "周末休息"}).status_code == 303
        owner.client.post(reverse("orders:merchant-point-closing", args=[shop.slug, point.pk]))
        point.refresh_from_db()
        assert (point.hours, point.closed_at is None) == ("周末休息", False)
        owner.client.get(url)
        assert "漕溪北路" not in text(owner.client.get(url))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"address": ""}, "address"),
            ({"hours": ""}, "hours"),
            ({"offers": []}, "offers"),
            ({"codes": "NO-SUCH"}, "codes"),
        ],
        ids=["name", "address", "hours", "offers", "codes"],
    )
    def test_is_told_at_the_field_and_nothing_is_written(self, shop, owner, wrong, field):
        url = reverse("orders:merchant-points", args=[shop.slug])
        answer = owner.client.post(url, {**WRITTEN, **wrong})
        assert answer.status_code == 422 and f'href="#sp-{field}' in text(answer)
        assert not ServicePoint.objects.exists()

    def test_stays_open_while_orders_wait_there(self, shop, owner):
        order = a_pickup(a_listing(merchant=shop))
        url = reverse("orders:merchant-point-closing", args=[shop.slug, order.point_id])
        assert "1 个订单要在那里自提" in text(owner.client.post(url, follow=True))
        assert ServicePoint.objects.get().closed_at is None

    def test_two_of_a_name_are_refused(self, shop, owner):
        a_point(shop)
        answer = owner.client.post(reverse("orders:merchant-points", args=[shop.slug]), WRITTEN)
        assert answer.status_code == 422 and ServicePoint.objects.count() == 1


class TestTheBuyer:
    def test_chooses_a_point_pays_no_freight_and_names_no_address(self, shop):
        point, buyer = a_point(shop), a_buyer()
        shopping.put_in_cart(buyer.client, a_listing(merchant=shop, price="30.00", freight="5.00"))
        page = text(buyer.client.get(reverse("orders:checkout")))
        assert "在 徐汇店 自提" in page and "¥35.00" in page
        told = {"address": "", f"way_{shop.pk.hex}": f"pickup:{point.pk.hex}"}
        first = shopping.check_out(buyer.client, **told)
        assert first.status_code == 422 and "这些都不用寄，不需要地址" in text(first)
        seen = {name: shopping.hidden(first, name) for name in ("seen_total", "seen_place", "seen_ways")}
        assert seen["seen_total"] == "3000"
        order = shopping.buy(buyer.client, ORDERED, **told, **seen)[0]
        assert (order.delivery, order.freight_minor, order.address) == ("pickup", 0, "")
        assert (order.point, order.point_told["name"]) == (point, "徐汇店")

    def test_is_offered_no_point_that_lacks_one_of_the_goods(self, shop):
        there = a_listing(merchant=shop, code="T-1")
        a_point(shop, codes=["T-1"])
        buyer = a_buyer()
        shopping.put_in_cart(buyer.client, there)
        assert "徐汇店" in text(buyer.client.get(reverse("orders:checkout")))
        shopping.put_in_cart(buyer.client, a_listing(merchant=shop))
        assert "徐汇店" not in text(buyer.client.get(reverse("orders:checkout")))

    def test_picks_up_what_the_shop_does_not_send_to_them(self, shop, owner):
        table, point, buyer = written(owner, shop), a_point(shop), a_buyer()
        shopping.put_in_cart(buyer.client, using(table, shop))
        choose(buyer.client, "CN-XZ")
        cart = text(buyer.client.get(reverse("orders:cart")))
        assert "改为到店自提" in cart
        page = text(buyer.client.get(reverse("orders:checkout")))
        assert "店铺不发到你选的地方" in page and "在 徐汇店 自提" in page
        way = {"destination": "CN-XZ", "address": "", f"way_{shop.pk.hex}": f"pickup:{point.pk.hex}"}
        first = shopping.check_out(buyer.client, **way)
        seen = {name: shopping.hidden(first, name) for name in ("seen_total", "seen_place", "seen_ways")}
        assert (first.status_code, seen["seen_total"]) == (422, "3000")
        order = shopping.buy(buyer.client, ORDERED, **way, **seen)[0]
        assert (order.delivery, order.destination, order.total_minor) == ("pickup", "", 3000)

    def test_without_a_choice_what_is_not_sent_stays_in_the_cart(self, shop, owner):
        table, _point, buyer = written(owner, shop), a_point(shop), a_buyer()
        shopping.put_in_cart(buyer.client, using(table, shop))
        choose(buyer.client, "CN-XZ")
        answer = shopping.check_out(buyer.client, destination="CN-XZ", address="拉萨市城关区")
        assert answer.status_code == 422 and not Order.objects.exists()
        assert CartLine.objects.count() == 1

    def test_cannot_pick_up_at_another_shop_s_point(self, shop):
        buyer, theirs = a_buyer(), a_point(a_merchant())
        shopping.put_in_cart(buyer.client, a_listing(merchant=shop, price="30.00", freight="5.00"))
        told = {f"way_{shop.pk.hex}": f"pickup:{theirs.pk.hex}"}
        order = shopping.buy(buyer.client, ORDERED, **told)[0]
        assert (order.delivery, order.total_minor) == ("standard", 3500)


class TestHandedOver:
    def test_from_ready_to_delivered_by_code(self, shop, owner):
        buyer = a_buyer()
        order = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id)
        page = reverse("orders:order", args=[order.number])
        with clock.frozen(ORDERED):
            assert "备好后就有码" in text(buyer.client.get(page))
            url = reverse("orders:merchant-ready", args=[shop.slug, order.number])
            assert owner.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
        shopping.drain(ORDERED)
        code = shown_code(order)
        with clock.frozen(ORDERED):
            said = text(buyer.client.get(page))
            assert "已备好" in said and f"{code[:4]} {code[4:]}" in said and "<svg" in said
            letter = Letter.objects.get(kind="orders.pickup_ready")
            assert code not in str(letter.params)
        at = ORDERED + timedelta(days=2)
        with clock.frozen(at):
            looked = text(enter(owner, shop, f"{code[:4]}-{code[4:]}"))
            assert order.number in looked and "交货" in looked
            assert enter(owner, shop, code, step="take").status_code == 303
        order.refresh_from_db()
        assert (order.state, order.delivered_at) == (OrderState.DELIVERED, at)
        assert order.window_ends_at is not None and not PointCode.objects.live().exists()
        assert enter(owner, shop, code, step="take").status_code == 422

    def test_another_shop_s_code_and_a_wrong_one_open_nothing(self, shop, owner):
        order = a_pickup(a_listing(), ready=True)
        for code in (shown_code(order), "12", "abc"):
            answer = enter(owner, shop, code, step="take")
            assert answer.status_code == 422 and order.number not in text(answer)
        order.refresh_from_db()
        assert order.state == OrderState.SHIPPED

    def test_a_new_code_ends_the_one_before(self, shop, owner):
        buyer = a_buyer()
        order = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id, ready=True)
        old, url = shown_code(order), reverse("orders:pickup-code", args=[order.number])
        with clock.frozen(ORDERED):
            for _ in range(4):
                assert buyer.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
            again = buyer.client.post(url, {"idempotency_key": shopping.key()})
            assert again.status_code == 409 and shown_code(order) != old
            assert enter(owner, shop, old).status_code == 422
            assert enter(owner, shop, shown_code(order)).status_code == 200

    def test_without_a_code_only_the_buyer_says_that_they_have_it(self, shop, owner):
        buyer = a_buyer()
        order = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id, ready=True)
        with clock.frozen(ORDERED):
            url = reverse("orders:delivery", args=[order.number])
            assert buyer.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
        order.refresh_from_db()
        assert order.state == OrderState.DELIVERED and not PointCode.objects.live().exists()

    def test_is_not_sent_as_a_parcel(self, shop, owner):
        order = a_pickup(a_listing(merchant=shop))
        url = reverse("orders:merchant-shipment", args=[shop.slug, order.number])
        with clock.frozen(ORDERED):
            answer = owner.client.post(url, {"tracking_number": "SF1", "idempotency_key": shopping.key()})
        assert answer.status_code == 422 and Order.objects.get(pk=order.pk).state == OrderState.PAID

    def test_nobody_came_so_everything_goes_back(self, shop, platform_at):
        listing = a_listing(merchant=shop, stock=3)
        order = a_pickup(listing, quantity=2, ready=True)
        shopping.time_passes(ORDERED + timedelta(days=9))
        order.refresh_from_db()
        assert (order.state, order.refunded_minor) == (OrderState.REFUNDED, order.total_minor)
        assert stock.pieces(type(listing).objects.with_offer().get())[listing.pk].available == 3
        assert Letter.objects.filter(kind="orders.pickup_given_up").count() == 1
        assert not PointCode.objects.live().exists()


class TestTakenBack:
    AT = ORDERED + timedelta(days=1)

    def asked(self, owner, shop, buyer):
        """A return of what was picked up, its code and the buyer's page of it."""
        order = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id, ready=True)
        enter(owner, shop, shown_code(order), step="take")
        back = shopping.return_goods(buyer.client, Order.objects.get(pk=order.pk))
        page = reverse("orders:return-page", args=[back.number])
        assert "或者交到网点" in text(buyer.client.get(page))
        url = reverse("orders:return-code", args=[back.number])
        assert buyer.client.post(url, {"idempotency_key": shopping.key()}).status_code == 303
        return back, PointCode.objects.live().get(returning=back).code, page

    def test_handed_in_by_code_counts_as_received(self, shop, owner):
        buyer = a_buyer()
        with clock.frozen(self.AT):
            back, code, page = self.asked(owner, shop, buyer)
            assert code[:4] in text(buyer.client.get(page))
            assert "收下" in text(enter(owner, shop, code))
            assert enter(owner, shop, code, step="take").status_code == 303
            assert "徐汇店" in text(buyer.client.get(page))
        back.refresh_from_db()
        assert (back.state, back.received_at) == (ReturnState.RECEIVED, self.AT)
        assert back.point == ServicePoint.objects.get()

    def test_of_several_points_the_shop_says_which_took_it_in(self, shop, owner):
        with clock.frozen(self.AT):
            back, code, _page = self.asked(owner, shop, a_buyer())
            there = a_point(shop, name="静安店")
            closed = enter(owner, shop, code, step="take", point=a_point(a_merchant()).pk)
            unsaid = enter(owner, shop, code, step="take")
            for refused in (closed, unsaid):
                assert refused.status_code == 422 and 'href="#pc-point"' in text(refused)
            assert "静安店" in text(unsaid) and Return.objects.get().state == ReturnState.ACCEPTED
            assert enter(owner, shop, code, step="take", point=there.pk).status_code == 303
            url = reverse("orders:merchant-order", args=[shop.slug, back.order.number])
            assert f"{back.number} · 静安店" in text(owner.client.get(url))
        back.refresh_from_db()
        assert (back.state, back.point) == (ReturnState.RECEIVED, there)

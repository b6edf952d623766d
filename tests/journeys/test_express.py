"""A shop offers express beside the standard way; what it cost on top has its own fate."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog.models import FreightTemplate
from kernel import clock
from orders.models import Order
from orders.states import OrderState
from payments.models import Refund
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant
from tests.journeys import shopping
from tests.journeys.test_freight_by_province import TABLE

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
FAST = {
    "express_days": "2",
    "x0-places": ["CN-ZJ"],
    "x0-first": "1",
    "x0-first_minor": "15",
    "x0-further": "1",
    "x0-further_minor": "5",
}


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def written(owner, shop, **changes):
    url = f"/merchant/{shop.slug}/freight/new"
    answer = owner.client.post(url, {**TABLE, "z0-free_from_minor": "", **FAST, **changes})
    assert answer.status_code == 303, answer.content.decode()
    return FreightTemplate.objects.get()


def bought(owner, shop, *, quantity=1, way="express", listing=None):
    """Ordered and paid on AT; to Zhejiang, 6 yuan and 2 for each further piece, by express 15 and 5."""
    listing = listing or a_listing(
        merchant=shop, price="30.00", freight_template=str(written(owner, shop).pk)
    )
    buyer = a_buyer()
    with clock.frozen(AT):
        shopping.put_in_cart(buyer.client, listing, quantity)
        told = {"destination": "CN-ZJ", "address": "杭州市西湖区", f"way_{shop.pk.hex}": way}
        first = shopping.check_out(buyer.client, **told)
        assert first.status_code == 422
        seen = {name: shopping.hidden(first, name) for name in ("seen_total", "seen_place", "seen_ways")}
        orders = shopping.buy(buyer.client, AT, **told, **seen)
    return buyer, orders[0]


def came(owner, order, at):
    with clock.frozen(at):
        shopping.ship(owner.client, order, f"SF{order.number[1:]}")
        shopping.carrier_says(f"SF{order.number[1:]}", "delivered", at)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED


def text(answer):
    return answer.content.decode()


class TestTheShop:
    def test_writes_express_and_reads_it_back(self, shop, owner):
        template = written(owner, shop)
        assert (template.express["days"], template.express["zones"][0]["first_minor"]) == (2, 1500)
        said = text(owner.client.get(f"/merchant/{shop.slug}/freight/"))
        assert "加急配送" in said and "付款后 2 天内送到" in said and "¥15.00" in said

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"express_days": ""}, "express_days"),
            ({"express_days": "31"}, "express_days"),
            ({"x0-first_minor": "viel"}, "x0-first_minor"),
            ({"x0-places": []}, "x0-places"),
            ({"x0-places": ["CN-XJ"], "never": ["CN-XJ"], "z1-places": ["CN-BJ"]}, "x0-places"),
        ],
        ids=["no days", "too slow", "no sum", "no place", "not delivered to"],
    )
    def test_is_told_at_the_field_and_nothing_is_written(self, shop, owner, wrong, field):
        answer = owner.client.post(f"/merchant/{shop.slug}/freight/new", {**TABLE, **FAST, **wrong})
        assert answer.status_code == 422
        assert f'href="#fr-{field}' in text(answer)
        assert not FreightTemplate.objects.exists()

    def test_a_changed_express_is_a_new_version(self, shop, owner):
        template = written(owner, shop)
        url = f"/merchant/{shop.slug}/freight/{template.pk}/"
        owner.client.post(url, {**TABLE, **FAST, "express_days": "3"})
        template.refresh_from_db()
        assert (template.version, template.express["days"]) == (2, 3)


class TestTheBuyer:
    def test_chooses_express_and_the_order_freezes_it(self, shop, owner):
        buyer, order = bought(owner, shop, quantity=2)
        assert (order.delivery, order.express_days) == ("express", 2)
        line = order.lines.get()
        assert (order.freight_minor, line.freight_minor, line.express_minor) == (2000, 2000, 1200)
        page = text(buyer.client.get(reverse("orders:order", args=[order.number])))
        assert "加急配送 · 付款后 2 天内送到" in page
        assert "加急配送" in text(buyer.client.get(reverse("orders:contract", args=[order.number])))

    def test_has_the_standard_way_until_they_choose(self, shop, owner):
        listing = a_listing(merchant=shop, price="30.00", freight_template=str(written(owner, shop).pk))
        buyer = a_buyer()
        shopping.put_in_cart(buyer.client, listing)
        buyer.client.post("/display", {"place": "CN-ZJ", "next": "/cart/"})
        page = text(buyer.client.get(reverse("orders:checkout")))
        assert 'value="standard" checked' in page and "¥36.00" in page
        assert "¥15.00 · 付款后 2 天内送到" in page

    def test_pays_the_standard_freight_where_express_doesn_t_go(self, shop, owner):
        listing = a_listing(merchant=shop, price="30.00", freight_template=str(written(owner, shop).pk))
        buyer = a_buyer()
        shopping.put_in_cart(buyer.client, listing)
        told = {"destination": "CN-SH", f"way_{shop.pk.hex}": "express"}
        first = shopping.check_out(buyer.client, **told)
        assert first.status_code == 422 and "付款后 2 天" not in text(first)
        seen = {name: shopping.hidden(first, name) for name in ("seen_total", "seen_place", "seen_ways")}
        order = shopping.buy(buyer.client, AT, **told, **seen)[0]
        assert (order.delivery, order.freight_minor) == ("standard", 600)

    def test_gets_the_standard_freight_back_without_a_reason(self, shop, owner):
        buyer, order = bought(owner, shop, quantity=2)
        came(owner, order, AT + timedelta(days=1))
        with clock.frozen(AT + timedelta(days=2)):
            line = order.lines.get()
            told = {"kind": "no_reason", "note": "", f"line_{line.pk.hex}": 1}
            page = text(buyer.client.post(reverse("orders:return-check", args=[order.number]), told))
            assert "¥34.00" in page and "比标准配送多付了 ¥6.00" in page and "平台的规则" in page
            told["kind"] = "quality"
            page = text(buyer.client.post(reverse("orders:return-check", args=[order.number]), told))
            assert "¥40.00" in page and "多付了" not in page
            back = shopping.return_goods(buyer.client, order, 2)
        assert (back.goods_minor, back.freight_minor) == (6000, 800)

    def test_gets_the_surcharge_back_by_itself_when_it_comes_late(self, shop, owner, platform_at):
        buyer, order = bought(owner, shop, quantity=2)
        shopping.time_passes(AT + timedelta(days=4))
        order.refresh_from_db()
        refund = Refund.objects.get(reference=order.pk)
        assert (refund.purpose, refund.amount_minor) == ("express_late", 1200)
        assert (order.refunded_minor, order.lines.get().express_back_minor) == (1200, 1200)
        came(owner, order, AT + timedelta(days=5))
        with clock.frozen(AT + timedelta(days=6)):
            line = order.lines.get()
            told = {"kind": "quality", "note": "裂了", f"line_{line.pk.hex}": 1}
            page = text(buyer.client.post(reverse("orders:return-check", args=[order.number]), told))
            assert "¥34.00" in page and "多付了" not in page

    def test_gets_nothing_back_for_express_that_came_in_time(self, shop, owner, platform_at):
        _buyer, order = bought(owner, shop)
        came(owner, order, AT + timedelta(days=1))
        shopping.time_passes(AT + timedelta(days=4))
        assert not Refund.objects.filter(reference=order.pk).exists()


def refused(constraint, sql, params):
    attack = pytest.raises(IntegrityError, match=constraint)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "express",
        [
            "{}",
            '{"days": 2}',
            '{"days": 0, "zones": [1]}',
            '{"days": 31, "zones": [1]}',
            '{"days": 2, "zones": []}',
        ],
        ids=["empty", "no zones", "no days", "too slow", "no rows"],
    )
    def test_express_says_days_and_places(self, shop, owner, express):
        sql = "UPDATE catalog_freighttemplate SET express = %s::jsonb WHERE id = %s"
        refused("freight_template_express_says_days_and_places", sql, [express, written(owner, shop).pk])

    @pytest.mark.parametrize(
        ("constraint", "sql"),
        [
            ("express_is_a_part_of_the_freight", "express_minor = freight_minor + 1"),
            ("express_goes_back_once_at_most", "express_back_minor = 1"),
        ],
    )
    def test_what_express_cost_stays_within_what_was_paid(self, shop, owner, constraint, sql):
        _buyer, order = bought(owner, shop)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orders_orderline DISABLE TRIGGER USER")
        refused(constraint, f"UPDATE orders_orderline SET {sql} WHERE order_id = %s", [order.pk])

    def test_the_way_stays_as_it_was_bought(self, shop, owner):
        _buyer, order = bought(owner, shop)
        for sql in ("delivery = 'standard', express_days = NULL", "express_days = 9"):
            with pytest.raises(Exception, match="Cannot update rows"), transaction.atomic():
                Order.objects.raw(f"UPDATE orders_order SET {sql} WHERE id = %s RETURNING id", [order.pk])[0]

    def test_an_express_order_says_its_days(self, shop, owner):
        _buyer, order = bought(owner, shop)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE orders_order DISABLE TRIGGER USER")
        sql = "UPDATE orders_order SET express_days = NULL WHERE id = %s"
        refused("an_express_order_says_its_days", sql, [order.pk])
        sql = "UPDATE orders_order SET delivery = 'pigeon', express_days = NULL WHERE id = %s"
        refused("order_delivery_is_known", sql, [order.pk])

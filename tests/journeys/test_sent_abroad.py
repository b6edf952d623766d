"""A shop sends to other countries; a reader abroad sees, and pays, the sum for there."""

import pytest
from django.utils.translation import override

from catalog.models import FreightTemplate
from kernel.ids import new_id
from orders.checkout import NotSentThere
from orders.models import CartLine, Order
from tests.builders.imports import an_import
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import a_listing, a_merchant
from web.errors import sentence

pytestmark = pytest.mark.django_db
NAMED = {"name": "Lin Wei", "phone": "+4930123456", "email": "lin@example.com"}
BERLIN = "Friedrichstr. 1, 10117 Berlin, Germany"
TABLE = {
    "name": "远方",
    "by": "piece",
    "z0-places": ["CN-ZJ"],
    "z0-first": "1",
    "z0-first_minor": "6",
    "z0-further": "1",
    "z0-further_minor": "2",
    "z1-places": ["region:eu"],
    "z1-first": "1",
    "z1-first_minor": "90",
    "z1-further": "1",
    "z1-further_minor": "40",
    "never": ["FR"],
}


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


@pytest.fixture
def listing(owner, shop):
    answer = owner.client.post(f"/merchant/{shop.slug}/freight/new", TABLE)
    assert answer.status_code == 303, answer.content.decode()
    template = FreightTemplate.objects.get()
    return a_listing(merchant=shop, price="30.00", freight_template=str(template.pk))


def text(answer):
    return answer.content.decode()


def choose(visitor, place):
    return visitor.post("/display", {"place": place, "next": "/cart/"})


def with_cart(listing, place, quantity=1):
    visitor = a_visitor().client
    choose(visitor, place)
    sent = {"listing": listing.pk, "quantity": quantity, "idempotency_key": new_id().hex}
    visitor.post("/cart/lines/", sent)
    return visitor


def pay(visitor, **changes):
    sent = {**NAMED, "address": BERLIN, "idempotency_key": new_id().hex, **changes}
    return visitor.post("/checkout/", sent)


class TestTheShop:
    def test_names_a_whole_region_and_what_it_leaves_out(self, listing):
        template = FreightTemplate.objects.get()
        assert len(template.zones[1]["places"]) == 26 and "FR" not in template.zones[1]["places"]
        assert template.never == ["FR"]
        assert set(listing.shelf_price_to) == {"CN-ZJ", *template.zones[1]["places"]}
        assert listing.shelf_price_to["DE"] == 12000

    def test_reads_its_choice_back_in_the_form(self, listing, owner, shop):
        template = FreightTemplate.objects.get()
        said = text(owner.client.get(f"/merchant/{shop.slug}/freight/{template.pk}/"))
        assert 'name="never" value="FR" checked' in said and 'name="z1-places" value="DE" checked' in said

    def test_is_told_that_a_place_is_served_and_not(self, owner, shop):
        changes = {"z1-places": ["DE"], "never": ["DE"]}
        answer = owner.client.post(f"/merchant/{shop.slug}/freight/new", {**TABLE, **changes})
        assert answer.status_code == 422 and "“德国”既在某一行里" in text(answer)
        assert not FreightTemplate.objects.exists()


class TestTheReader:
    def test_sees_the_sum_for_the_country_and_where_nothing_goes(self, listing):
        visitor = a_visitor().client
        choose(visitor, "DE")
        said = text(visitor.get(f"/p/{listing.pk}/"))
        assert "120.00" in said and "德国" in said and 'name="go"' in said
        choose(visitor, "FR")
        away = text(visitor.get(f"/p/{listing.pk}/"))
        assert 'name="go"' not in away and "法国" in away
        assert "不送法国" in text(visitor.get("/search?q=急须"))

    def test_programs_read_the_same(self, listing):
        url, client = f"/api/v1/listings/{listing.pk}/", a_visitor().client
        there = client.get(url, {"to": "DE"}).json()["delivery"]
        assert there["all_in"] == {"minor": 12000, "currency": "CNY"}
        assert there["tax"]["standing"] == "on_arrival" and there["tax"]["amount"] is None
        assert client.get(url, {"to": "FR"}).json()["delivery"]["delivered"] is False
        assert client.get(url, {"to": "CN-ZJ"}).json()["delivery"]["tax"]["standing"] == "paid"


class TestTheCheckout:
    def test_sends_abroad_for_the_sum_of_there(self, listing):
        visitor = with_cart(listing, "DE", 2)
        assert "¥190.00" in text(visitor.get("/cart/"))
        done = pay(visitor, destination="DE", seen_place="DE", seen_total="19000")
        assert done.status_code == 303, text(done)
        order = Order.objects.get()
        assert (order.destination, order.goods_minor, order.freight_minor) == ("DE", 6000, 13000)
        tax = order.lines.get().tax
        assert (tax["standing"], tax["rules"]) == ("on_arrival", ["eu.customs.flat"])
        assert tax["pack"].startswith("eu-")
        for page in (f"/orders/{order.number}/", f"/orders/{order.number}/contract/"):
            said = text(visitor.get(page))
            assert "德国的税费我们这里没有计算" in said and "每类商品收 3 欧元关税" in said, page

    def test_says_on_every_page_that_tax_of_there_is_not_in_the_sum(self, listing):
        visitor = with_cart(listing, "DE")
        for page in (f"/p/{listing.pk}/", "/cart/", "/checkout/"):
            said = text(visitor.get(page))
            assert "德国的税费我们这里没有计算" in said and "每类商品收 3 欧元关税" in said, page
            assert "已含全部税费" not in said, page
        assert "不含当地税费" in text(visitor.get("/search?q=急须"))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"destination": "DE", "seen_total": "12000", "address": "浙江省杭州市"}, "请改成一致"),
            ({"destination": "DE", "seen_total": "12000", "address": "Paris, France"}, "请改成一致"),
            ({"destination": "CN-ZJ", "seen_place": "CN-ZJ", "seen_total": "3600"}, "请改成一致"),
            (
                {"destination": "FR", "seen_place": "FR", "seen_total": "0", "address": "Paris"},
                "卖家不把它送到",
            ),
            ({"destination": "QQ", "seen_place": "", "seen_total": "3600", "address": "Berlin"}, ""),
        ],
        ids=["to-china", "to-france", "to-zhejiang", "not-served", "no-country"],
    )
    def test_refuses_and_keeps_the_cart(self, listing, changes, said):
        visitor = with_cart(listing, "DE")
        answer = pay(visitor, **{"seen_place": "DE", **changes})
        assert answer.status_code in (409, 422) and said in text(answer)
        assert not Order.objects.exists() and CartLine.objects.get().quantity == 1

    def test_a_fixed_freight_never_leaves_the_mainland_unsaid(self):
        visitor = with_cart(a_listing(price="30.00", freight="5.00"), "")
        answer = pay(visitor, seen_total="3500")
        assert answer.status_code == 422 and "请改成一致" in text(answer)
        assert not Order.objects.exists()

    def test_a_retail_import_stays_in_the_mainland_whatever_its_template_says(self, listing, shop):
        template = FreightTemplate.objects.get()
        goods = an_import(merchant=shop, price="109.10", freight_template=str(template.pk))
        assert set(goods.shelf_price_to) == {"CN-ZJ"}
        visitor = with_cart(goods, "DE")
        answer = pay(visitor, destination="DE", seen_place="DE", seen_total="0")
        assert answer.status_code == 422 and "卖家不把它送到" in text(answer)
        assert not Order.objects.exists()

    def test_a_retail_import_shows_the_tax_that_its_price_holds(self, shop):
        visitor = with_cart(an_import(merchant=shop, price="109.10", freight="5.00"), "CN-ZJ", 2)
        said = text(visitor.get("/cart/"))
        assert "¥218.20" in said and "¥18.20" in said and "¥223.20" in said

    @pytest.mark.parametrize(
        ("language", "title"), [("zh-hans", "急须"), ("zh-hant", "急須"), ("en", "Kyusu")], ids=str
    )
    def test_names_what_isn_t_sent_in_the_reader_s_language(self, language, title):
        titles = {"zh-hans": "急须", "zh-hant": "急須", "en": "Kyusu"}

        class Item:
            variant_id = new_id()

            class listing:
                content = {"title": titles}

        refusal = NotSentThere([Item, Item], "DE")
        with override(language):
            assert title in sentence(refusal)

"""A buyer keeps addresses in the account and chooses one at the checkout; no script is needed."""

import pytest

from kernel.ids import new_id
from orders.models import Address, CartLine, Order
from tests.builders.addresses import an_address
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_visitor
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
BOOK = "/account/addresses/"
HOME = {
    "label": "家",
    "name": "林未",
    "phone": "13800138000",
    "destination": "CN-SH",
    "address": "上海市徐汇区漕溪北路 88 号",
}


def text(answer):
    return answer.content.decode()


@pytest.fixture
def lin():
    return a_buyer()


def with_cart(client, listing):
    client.post("/cart/lines/", {"listing": listing.pk, "quantity": 1, "idempotency_key": new_id().hex})


def pay(client, **changes):
    told = {name: value for name, value in HOME.items() if name != "label"}
    sent = {**told, "seen_place": "CN-SH", "seen_total": "3500", "idempotency_key": new_id().hex, **changes}
    return client.post("/checkout/", sent)


class TestInTheAccount:
    def test_writes_changes_chooses_and_deletes(self, lin):
        assert lin.client.post(BOOK, HOME).status_code == 303
        assert lin.client.post(BOOK, {**HOME, "label": "公司", "first_choice": "on"}).status_code == 303
        said = text(lin.client.get(BOOK))
        assert said.index("公司") < said.index("<b>家</b>") and "首选" in said
        home = next(each for each in Address.objects.all() if each.label == "家")
        page = f"{BOOK}{home.pk}/"
        assert "漕溪北路" in text(lin.client.get(page))
        assert lin.client.post(page, {**HOME, "label": "老家"}).status_code == 303
        lin.client.post(f"{page}first-choice/")
        assert Address.objects.get(is_default=True).label == "老家"
        lin.client.post(f"{page}removal/")
        assert [each.label for each in Address.objects.all()] == ["公司"]

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"phone": "123"}, "7 到 20"),
            ({"destination": ""}, "请选择地址所在的省份或国家"),
            ({"destination": "DE"}, "请改成一致"),
            ({"name": ""}, 'href="#id_name"'),
        ],
        ids=["phone", "place", "elsewhere", "name"],
    )
    def test_says_what_is_wrong_and_loses_nothing(self, lin, wrong, said):
        answer = lin.client.post(BOOK, {**HOME, **wrong})
        assert answer.status_code == 422 and said in text(answer)
        assert "漕溪北路 88 号" in text(answer) and not Address.objects.exists()

    def test_another_s_and_none_look_the_same(self, lin):
        row, other = an_address(lin.actor, at=ORDERED), a_buyer("别人").client
        for pk in (row.pk, new_id()):
            assert other.get(f"{BOOK}{pk}/").status_code == 404
            assert other.post(f"{BOOK}{pk}/removal/").status_code == 404
            assert other.post(f"{BOOK}{pk}/first-choice/").status_code == 404
        assert Address.objects.get().is_default

    def test_asks_a_visitor_to_sign_in(self):
        assert a_visitor().client.get(BOOK).status_code in (302, 303)


class TestAtTheCheckout:
    def test_the_first_choice_is_filled_in_and_another_at_a_press(self, lin):
        an_address(lin.actor, at=ORDERED)
        office = {"label": "公司", "address": "浙江省杭州市西湖区 1 号", "destination": "CN-ZJ"}
        other = an_address(lin.actor, at=ORDERED, **office)
        with_cart(lin.client, a_listing(price="30.00", freight="5.00"))
        said = text(lin.client.get("/checkout/"))
        assert "漕溪北路 88 号</textarea>" in said and 'value="CN-SH" selected' in said
        assert f"/checkout/?address={other.pk}" in said
        chosen = text(lin.client.get(f"/checkout/?address={other.pk}"))
        assert "西湖区 1 号</textarea>" in chosen and 'value="CN-ZJ" selected' in chosen
        assert 'name="seen_place" value="CN-ZJ"' in chosen
        assert lin.client.get(f"/checkout/?address={new_id()}").status_code == 404

    def test_another_s_entry_is_absent(self, lin):
        theirs = an_address(a_buyer("别人").actor, at=ORDERED)
        with_cart(lin.client, a_listing())
        assert lin.client.get(f"/checkout/?address={theirs.pk}").status_code == 404

    def test_an_address_is_kept_when_asked_and_only_then(self, lin):
        listing = a_listing(price="30.00", freight="5.00")
        with_cart(lin.client, listing)
        assert pay(lin.client).status_code == 303
        assert not Address.objects.exists()
        with_cart(lin.client, listing)
        assert pay(lin.client, keep="on").status_code == 303
        assert Order.objects.count() == 2
        assert Address.objects.get().address == HOME["address"]

    def test_one_to_keep_says_where_it_is_before_anything_is_ordered(self, lin):
        with_cart(lin.client, a_listing(price="30.00", freight="5.00"))
        answer = pay(lin.client, keep="on", destination="", seen_place="")
        assert answer.status_code == 422 and "请选择地址所在的省份或国家" in text(answer)
        assert "漕溪北路" in text(answer)
        assert not Order.objects.exists() and CartLine.objects.exists()

    def test_a_guest_keeps_one_for_the_next_time(self):
        client, listing = a_visitor().client, a_listing(price="30.00", freight="5.00")
        with_cart(client, listing)
        assert pay(client, keep="on", email="lin@example.com").status_code == 303
        with_cart(client, listing)
        assert "漕溪北路 88 号</textarea>" in text(client.get("/checkout/"))
        assert client.get(BOOK).status_code in (302, 303)

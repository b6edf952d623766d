"""A shop says what sending costs where; a reader in a province sees, and pays, the sum for there."""

import pytest

from catalog import publishing
from catalog.models import FreightTemplate, Listing
from kernel import clock
from kernel.ids import new_id
from orders.models import Order
from payments.models import Payment
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import a_listing, a_merchant
from tests.catalog.test_import import a_file, take

pytestmark = pytest.mark.django_db
NAMED = {"name": "林未", "phone": "13800138000", "email": "lin@example.com"}
TABLE = {
    "name": "陶器快递",
    "by": "piece",
    "z0-places": ["CN-ZJ", "CN-SH"],
    "z0-first": "1",
    "z0-first_minor": "6",
    "z0-further": "1",
    "z0-further_minor": "2",
    "z0-free_from_minor": "99",
    "z1-places": ["CN-XJ"],
    "z1-first": "1",
    "z1-first_minor": "20",
    "z1-further": "1",
    "z1-further_minor": "15",
}


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def written(owner, shop, **changes):
    base = f"/merchant/{shop.slug}/freight"
    answer = owner.client.post(f"{base}/new", {**TABLE, **changes})
    assert answer.status_code == 303, answer.content.decode()
    return FreightTemplate.objects.get(merchant=shop, name=changes.get("name", TABLE["name"]))


def using(template, shop, **changes):
    return a_listing(merchant=shop, price="30.00", freight_template=str(template.pk), **changes)


def choose(visitor, place):
    return visitor.post("/display", {"place": place, "next": "/cart/"})


def text(answer):
    return answer.content.decode()


class TestTheShop:
    def test_writes_a_table_and_reads_it_back(self, shop, owner):
        written(owner, shop)
        said = text(owner.client.get(f"/merchant/{shop.slug}/freight/"))
        assert "陶器快递" in said and "上海、浙江" in said and "新疆" in said
        assert "¥6.00" in said and "¥99.00" in said and "香港" not in said and "港澳台" in said

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"z0-first_minor": "sechs"}, "z0-first_minor"),
            ({"z0-first": "0"}, "z0-first"),
            ({"z1-places": ["CN-ZJ"]}, "z1-places"),
            ({"z0-places": [], "z1-places": []}, "z0-places"),
        ],
    )
    def test_is_told_at_the_field_and_nothing_is_written(self, shop, owner, wrong, field):
        answer = owner.client.post(f"/merchant/{shop.slug}/freight/new", {**TABLE, **wrong})
        assert answer.status_code == 422
        assert f'href="#fr-{field}' in text(answer)
        assert not FreightTemplate.objects.exists()

    def test_two_of_a_name_are_refused(self, shop, owner):
        written(owner, shop)
        answer = owner.client.post(f"/merchant/{shop.slug}/freight/new", TABLE)
        assert answer.status_code == 422 and FreightTemplate.objects.count() == 1

    def test_uses_it_through_the_editor_s_own_form(self, shop, owner):
        template = written(owner, shop)
        listing = a_listing(merchant=shop, live=False, freight="4.00")
        page = f"/merchant/{shop.slug}/listings/{listing.pk}/"
        assert template.name in text(owner.client.get(page))
        answer = owner.client.post(
            page, {"title_zh-hans": "壶", "price": "30", "freight_template": template.pk}
        )
        assert answer.status_code == 303, text(answer)
        listing.refresh_from_db()
        assert listing.freight_template_id == template.pk
        assert listing.draft["freight_minor"] == 2000

    def test_cannot_delete_what_a_listing_uses(self, shop, owner):
        template = written(owner, shop)
        listing = using(template, shop)
        url = f"/merchant/{shop.slug}/freight/{template.pk}/removal"
        said = text(owner.client.post(url, follow=True))
        assert "陶器快递" in said
        template.refresh_from_db()
        assert template.removed_at is None
        changes = {"freight_template": "", "freight_minor": 0}
        from catalog.drafting import edit_draft

        edit_draft(listing_id=listing.pk, changes=changes, actor=owner.actor, at=clock.now())
        owner.client.post(url)
        template.refresh_from_db()
        assert template.removed_at is not None

    def test_a_change_reaches_what_is_on_sale_at_a_press(self, shop, owner):
        template = written(owner, shop)
        listing, before = using(template, shop), Listing.objects.get().live_revision
        url = f"/merchant/{shop.slug}/freight/{template.pk}/"
        assert owner.client.post(url, {**TABLE, "z1-first_minor": "25"}).status_code == 303
        listing.refresh_from_db()
        assert listing.live_revision == before and listing.draft["freight_minor"] == 2500
        owner.client.post(f"{url}sale")
        listing.refresh_from_db()
        assert (listing.live_revision.number, listing.live_revision.freight_minor) == (2, 2500)
        assert before.content["freight"]["zones"][1]["first_minor"] == 2000

    def test_by_weight_asks_for_the_weight(self, shop, owner):
        template = written(owner, shop, by="weight", **{"z0-first": "1000"})
        with pytest.raises(publishing.ListingIncomplete) as refused:
            using(template, shop)
        assert [gap.field for gap in refused.value.gaps] == ["weight"]
        assert using(template, shop, weight_grams=800, code="W-1").is_live


class TestTheReader:
    def test_sees_the_dearest_first_and_then_the_sum_for_the_province(self, shop, owner):
        listing, visitor = using(written(owner, shop), shop), a_visitor().client
        page = f"/p/{listing.pk}/"
        assert "50.00" in text(visitor.get(page))
        choose(visitor, "CN-ZJ")
        said = text(visitor.get(page))
        assert "36.00" in said and "50.00" not in said and "浙江" in said

    def test_is_told_where_nothing_is_sent_and_gets_no_button(self, shop, owner):
        listing, visitor = using(written(owner, shop), shop), a_visitor().client
        choose(visitor, "CN-BJ")
        said = text(visitor.get(f"/p/{listing.pk}/"))
        assert "北京" in said and 'name="go"' not in said
        card = text(visitor.get("/search?q=急须"))
        assert "不送北京" in card

    def test_each_province_gets_its_own_kept_page(self, shop, owner):
        listing, east, west = using(written(owner, shop), shop), a_visitor().client, a_visitor().client
        choose(east, "CN-SH")
        choose(west, "CN-XJ")
        for _ in range(2):
            assert "36.00" in text(east.get(f"/p/{listing.pk}/"))
            assert "50.00" in text(west.get(f"/p/{listing.pk}/"))

    def test_sorts_by_what_it_costs_there(self, shop, owner):
        near = using(written(owner, shop), shop, title="近处便宜的茶壶")
        flat = a_listing(price="40.00", title="哪里都一样的茶壶")
        asked = "/search?q=茶壶&sort=price"

        def order(visitor):
            said = text(visitor.get(asked))
            return said.index(str(near.pk)) < said.index(str(flat.pk))

        east, west = a_visitor().client, a_visitor().client
        choose(east, "CN-ZJ")
        choose(west, "CN-XJ")
        assert order(east) and not order(west)

    def test_says_nonsense_and_no_place_is_chosen(self, shop, owner):
        listing, visitor = using(written(owner, shop), shop), a_visitor().client
        choose(visitor, "XX-QQ")
        assert "50.00" in text(visitor.get(f"/p/{listing.pk}/"))
        choose(visitor, "<script>")
        assert "50.00" in text(visitor.get(f"/p/{listing.pk}/"))


class TestTheBuyer:
    def cart(self, listing, quantity=1):
        visitor = a_visitor().client
        visitor.post(
            "/cart/lines/", {"listing": listing.pk, "quantity": quantity, "idempotency_key": new_id().hex}
        )
        return visitor

    def post(self, visitor, **changes):
        sent = {**NAMED, "address": "杭州市西湖区", "idempotency_key": new_id().hex, **changes}
        return visitor.post("/checkout/", sent)

    def test_pays_first_and_further_pieces_to_the_place(self, shop, owner):
        visitor = self.cart(using(written(owner, shop), shop), 3)
        choose(visitor, "CN-XJ")
        said = text(visitor.get("/cart/"))
        assert "¥50.00" in said and "¥140.00" in said
        done = self.post(
            visitor, destination="CN-XJ", seen_place="CN-XJ", seen_total="14000", address="新疆乌鲁木齐市"
        )
        assert done.status_code == 303
        order = Order.objects.get()
        assert (order.freight_minor, order.total_minor, order.destination) == (5000, 14000, "CN-XJ")
        assert Payment.objects.get().amount.minor == 14000

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"destination": "", "seen_total": "5000"}, "请选择收货的省份"),
            ({"destination": "CN-BJ", "seen_place": "CN-BJ", "seen_total": "0"}, "卖家不把它送到"),
            ({"destination": "CN-ZJ", "seen_place": "CN-XJ", "seen_total": "5000"}, "运费已经算进"),
            (
                {"destination": "CN-ZJ", "seen_place": "CN-ZJ", "seen_total": "3600", "address": "新疆伊宁"},
                "请改成一致",
            ),
        ],
    )
    def test_is_refused_and_nothing_is_ordered(self, shop, owner, changes, said):
        visitor = self.cart(using(written(owner, shop), shop))
        answer = self.post(visitor, **changes)
        assert answer.status_code in (409, 422), answer.status_code
        assert said in text(answer)
        assert not Order.objects.exists()

    def test_a_changed_province_shows_its_total_and_the_second_press_buys(self, shop, owner):
        visitor = self.cart(using(written(owner, shop), shop))
        first = self.post(visitor, destination="CN-ZJ", seen_place="", seen_total="5000")
        assert first.status_code == 422 and "¥36.00" in text(first)
        assert 'name="seen_total" value="3600"' in text(first)
        second = self.post(visitor, destination="CN-ZJ", seen_place="CN-ZJ", seen_total="3600")
        assert second.status_code == 303 and Order.objects.get().total_minor == 3600

    def test_goods_of_a_fixed_freight_ask_for_no_province(self):
        visitor = self.cart(a_listing(price="30.00", freight="5.00"))
        assert self.post(visitor, seen_total="3500").status_code == 303
        assert Order.objects.get().destination == ""


class TestPrograms:
    def test_ask_for_the_all_in_price_to_a_place(self, shop, owner):
        listing = using(written(owner, shop), shop)
        url, client = f"/api/v1/listings/{listing.pk}/", a_visitor().client
        there = client.get(url, {"to": "CN-ZJ"}).json()
        assert there["delivery"] == {
            "place": "CN-ZJ",
            "delivered": True,
            "freight": {"minor": 600, "currency": "CNY"},
            "all_in": {"minor": 3600, "currency": "CNY"},
            "tax": {"standing": "paid", "rate": "", "amount": None, "rules": [], "pack": ""},
        }
        away = client.get(url, {"to": "CN-BJ"}).json()["delivery"]
        assert away == {"place": "CN-BJ", "delivered": False, "freight": None, "all_in": None, "tax": None}
        assert client.get(url).json()["delivery"] is None
        assert [zone["first_minor"] for zone in there["freight_terms"]["zones"]] == [600, 2000]

    def test_a_file_names_the_template_and_the_weight(self, shop, owner):
        template = written(owner, shop)
        cells = {"code": "K-1", "category": "home", "freight_template": template.name, "weight": "800"}
        wrong = {**cells, "code": "K-2", "freight_template": "别家的"}
        summary, _seen = take(a_file(cells, wrong), shop)
        assert dict(summary.results) == {"draft": 1, "refused": 1}
        made = Listing.objects.get(code="K-1")
        assert (made.freight_template_id, made.draft["weight_grams"]) == (template.pk, 800)
        assert not Listing.objects.filter(code="K-2").exists()

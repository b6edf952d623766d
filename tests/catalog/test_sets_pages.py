"""Pages of sets: the shop's own, with every refusal at its field, and what buyers read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bench.pages import statements
from catalog import publishing, sets, stock
from catalog.models import SetRevision, ShopSet
from kernel.actor import Actor
from merchants.capabilities import Capability
from tests.builders.people import a_member
from tests.builders.prices import a_deal
from tests.builders.sets import NAME, a_set, teaware
from tests.builders.shops import a_listing
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)
    kept_pages.pages.empty()


def form(*members, price="70.00", name=NAME):
    told = {"title_zh-hans": name, "price": price}
    for place, (listing, many) in enumerate(members):
        told |= {f"m{place}-variant": str(listing.pk), f"m{place}-quantity": str(many)}
    return told


class TestPortal:
    def test_put_together_changed_and_withdrawn(self):
        pot, cup = teaware()
        slug, owner = pot.merchant.slug, a_member(pot.merchant)
        assert "还没有套装" in owner.client.get(reverse("catalog:sets", args=[slug])).content.decode()
        made = owner.client.post(reverse("catalog:set-new", args=[slug]), form((pot, 1), (cup, 2)))
        assert made.status_code == 303
        shop_set = ShopSet.objects.get()
        address = reverse("catalog:shop-set", args=[slug, shop_set.pk])
        assert f'value="{pot.pk}" selected' in owner.client.get(address).content.decode()
        assert owner.client.post(address, form((pot, 1), (cup, 3), price="88.00")).status_code == 303
        assert SetRevision.objects.get(number=2).price_minor == 8800
        listed = owner.client.get(reverse("catalog:sets", args=[slug])).content.decode()
        assert "¥88.00" in listed and "¥140.00" in listed and NAME in listed
        owner.client.post(reverse("catalog:set-withdrawal", args=[slug, shop_set.pk]))
        assert ShopSet.objects.get().withdrawn_at == NOW

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"price": "100.01"}, "¥100.00"),
            ({"price": "gratis"}, "39.00"),
            ({"m1-variant": "", "m2-variant": ""}, "至少"),
            ({"title_zh-hans": ""}, "title_zh-hans"),
            ({"title_zh-hans": "全网最低价套装"}, "最低价"),
            ({"m1-quantity": "0"}, "m1-quantity"),
        ],
        ids=["dearer", "no price", "one thing", "no name", "wording", "none of it"],
    )
    def test_what_is_refused_stands_at_its_field(self, changes, said):
        pot, cup = teaware()
        owner = a_member(pot.merchant)
        told = {**form((pot, 1), (cup, 1)), **changes}
        answer = owner.client.post(reverse("catalog:set-new", args=[pot.merchant.slug]), told)
        assert answer.status_code == 422 and said in answer.content.decode()
        assert not ShopSet.objects.exists()

    def test_what_goes_off_sale_meanwhile_is_named_in_its_own_row(self):
        pot, cup = teaware()
        shop_set, owner = a_set(pot, cup), a_member(pot.merchant)
        publishing.withdraw(listing_id=cup.pk, actor=Actor.system(), at=NOW)
        address = reverse("catalog:shop-set", args=[pot.merchant.slug, shop_set.pk])
        told = {**form((pot, 1)), "m2-variant": str(cup.pk), "m2-quantity": "1"}
        answer = owner.client.post(address, told)
        assert answer.status_code == 422 and 'id="st-m2-variant_error"' in answer.content.decode()
        listed = owner.client.get(reverse("catalog:sets", args=[pot.merchant.slug])).content.decode()
        assert "现在没有在卖" in listed

    def test_who_only_reads_changes_nothing(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        reader = a_member(pot.merchant, [Capability.READ])
        assert reader.client.get(reverse("catalog:sets", args=[pot.merchant.slug])).status_code == 200
        there = reverse("catalog:set-withdrawal", args=[pot.merchant.slug, shop_set.pk])
        assert reader.client.post(there).status_code == 404
        assert ShopSet.objects.get().is_on_sale


class TestPublic:
    def page(self, shop_set):
        return Client().get(reverse("catalog:set", args=[shop_set.pk])).content.decode()

    def test_names_the_saving_only_where_the_members_were_really_sold(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        assert "节省" not in self.page(shop_set)
        a_deal(pot, "80.00", at=NOW - timedelta(days=2)), a_deal(cup, "20.00", at=NOW - timedelta(days=2))
        shown = self.page(shop_set)
        assert "¥100.00" in shown and "¥30.00" in shown

    def test_says_why_it_can_t_be_bought(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        stock.count(variant_id=cup.pk, on_hand=0, actor=Actor.system(), at=NOW)
        shown = self.page(shop_set)
        assert "售罄" in shown and 'name="set"' not in shown

    def test_members_pages_name_it_while_it_can_be_had(self):
        pot, cup = teaware()
        a_set(pot, cup)
        address = reverse("catalog:product", args=[cup.pk])
        assert NAME in Client().get(address).content.decode()
        stock.count(variant_id=pot.pk, on_hand=0, actor=Actor.system(), at=NOW)
        assert NAME not in Client().get(address).content.decode()

    def test_programs_read_the_same(self):
        pot, cup = teaware(stock=3)
        shop_set = a_set(pot, cup)
        sold = NOW - timedelta(days=2)
        a_deal(pot, "80.00", at=sold), a_deal(cup, "20.00", at=sold)
        told = Client().get(reverse("catalog-api:set", args=[shop_set.pk])).json()
        assert [told[key]["minor"] for key in ("price", "alone", "saving")] == [7000, 10000, 3000]
        assert (told["available"], told["problem"], len(told["members"])) == (3, "", 2)
        sets.withdraw(set_id=shop_set.pk, actor=Actor.system(), at=NOW)
        told = Client().get(reverse("catalog-api:set", args=[shop_set.pk])).json()
        assert (told["available"], told["problem"]) == (0, "withdrawn")

    def test_costs_the_same_whatever_is_in_it(self):
        pot, cup = teaware()
        more = [a_listing(merchant=pot.merchant, title=f"竹茶盘 {n} 号") for n in range(6)]
        few, many = a_set(pot, cup), a_set(pot, cup, *more)
        for listing in (pot, cup, *more):
            a_deal(listing, "39.00", at=NOW - timedelta(days=2))
        reads = [statements("/c/home/", reverse("catalog:set", args=[each.pk])) for each in (few, many)]
        assert reads[0] == reads[1] <= 7

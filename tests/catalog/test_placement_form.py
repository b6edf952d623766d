"""The form for a paid place offers the shop's goods on sale and finds the others."""

import pytest

from catalog.models import Placement
from kernel.ids import new_id
from tests.builders.people import a_member
from tests.builders.placements import some_money
from tests.builders.shops import LISTED, a_listing

pytestmark = pytest.mark.django_db
TOLD = {"first_day": "2026-11-22", "days": "3"}


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


def page_of(client, path):
    return client.get(path).content.decode()


class TestForm:
    def test_offers_what_is_on_sale_and_finds_it_by_a_part_of_its_title(self, monkeypatch):
        monkeypatch.setattr("catalog.web.placements.MOST_OFFERED", 2)
        shop = a_listing(title="青瓷茶杯").merchant
        for title in ("青瓷茶壶", "竹茶则"):
            a_listing(merchant=shop, title=title)
        a_listing(merchant=shop, title="青瓷草稿", live=False)
        client, path = a_member(shop).client, f"/merchant/{shop.slug}/placements/"
        shown = page_of(client, path)
        assert shown.count('name="listing"') == 2 and 'name="q"' in shown
        found = page_of(client, f"{path}?q=青瓷")
        assert "青瓷茶杯" in found and "青瓷茶壶" in found and "青瓷草稿" not in found
        part = client.get(path, {"q": "没有"}, headers={"HX-Request": "true"}).content.decode()
        assert "<form" not in part and "没有" in part and 'name="listing"' not in part

    def test_a_shop_with_nothing_on_sale_is_told_so(self):
        shop = a_listing(live=False).merchant
        shown = page_of(a_member(shop).client, f"/merchant/{shop.slug}/placements/")
        assert 'name="first_day"' not in shown and "请先上架" in shown

    @pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_goods_that_arent_there_are_refused(self, chosen):
        listing = a_listing()
        some_money(listing.merchant_id)
        owner = a_member(listing.merchant)
        answer = owner.client.post(
            f"/merchant/{listing.merchant.slug}/placements/",
            TOLD | {"listing": chosen, "idempotency_key": new_id().hex},
        )
        assert answer.status_code == 422 and not Placement.objects.exists()

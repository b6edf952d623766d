"""Staff decide in the admin: with reasons, through the use cases; everything else is read only."""

from datetime import UTC, datetime

import pytest

from accounts.staff import Role
from catalog.models import Listing, ListingMove
from merchants.models import Merchant, MerchantMove
from tests.builders.people import a_buyer, a_staff
from tests.builders.shops import a_listing, a_merchant, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    at(datetime(2026, 11, 21, 3, 0, tzinfo=UTC))


@pytest.fixture
def staff():
    return a_staff(Role.MERCHANT_DESK)


@pytest.fixture
def keeper():
    return a_staff(Role.CATALOGUE_DESK)


class TestMerchants:
    def test_lists_and_page(self, staff):
        merchant = an_application(legal_name="清川茶业有限公司")
        assert "清川茶业有限公司" in staff.client.get("/admin/merchants/merchant/").content.decode()
        said = staff.client.get(f"/admin/merchants/merchant/{merchant.pk}/change/").content.decode()
        # Decided task by task on the application's own page.
        assert 'name="decision"' not in said
        assert "13800000000" not in said

    @pytest.mark.parametrize("decision", ["", "drop", "approve"])
    def test_nobody_is_admitted_here(self, staff, decision):
        merchant = an_application()
        address = f"/admin/merchants/merchant/{merchant.pk}/decision"
        assert staff.client.post(address, {"decision": decision, "reason": "x"}).status_code in (302, 403)
        assert Merchant.objects.get(pk=merchant.pk).state == "applied"
        assert [move.name for move in MerchantMove.objects.filter(merchant=merchant)] == ["hand_in"]

    def test_nobody_else_gets_in(self, staff):
        merchant = an_application()
        answer = a_buyer().client.post(
            f"/admin/merchants/merchant/{merchant.pk}/decision", {"decision": "refuse", "reason": "x"}
        )
        assert answer.status_code in (302, 403, 404)
        assert Merchant.objects.get(pk=merchant.pk).state == "applied"

    def test_nothing_can_be_edited_added_or_deleted(self, staff):
        merchant = a_merchant()
        base = f"/admin/merchants/merchant/{merchant.pk}"
        assert staff.client.post(f"{base}/change/", {"state": "closed"}).status_code == 403
        assert staff.client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
        assert staff.client.get("/admin/merchants/merchant/add/").status_code == 403


class TestListings:
    def test_suspend_and_lift(self, keeper):
        listing = a_listing()
        assert listing.code in keeper.client.get("/admin/catalog/listing/").content.decode()
        assert keeper.client.get(f"/admin/catalog/listing/{listing.pk}/change/").status_code == 200
        step = f"/admin/catalog/listing/{listing.pk}/step"
        keeper.client.post(step, {"step": "suspend", "reason": "没有 3C"})
        assert Listing.objects.get(pk=listing.pk).is_live
        keeper.client.post(step, {"step": "suspend", "reason": "没有 3C", "rule_id": "cn.disclosure.ccc"})
        assert Listing.objects.get(pk=listing.pk).state == "suspended"
        keeper.client.post(step, {"step": "lift", "reason": "补齐了"})
        assert Listing.objects.get(pk=listing.pk).state == "withdrawn"
        assert ListingMove.objects.filter(listing=listing).count() == 3

    @pytest.mark.parametrize("model", ["listingrevision", "pricehistory", "stock", "category", "listing"])
    def test_lists_open(self, keeper, model):
        a_listing()
        assert keeper.client.get(f"/admin/catalog/{model}/").status_code == 200

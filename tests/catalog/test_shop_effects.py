"""Standing, grade and penalties reach a shop's listings, and the shop reads why."""

import pytest
from django.urls import reverse

from catalog import publishing, submitting
from catalog.models import Listing, Submission
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import limits, standing
from merchants.models import Merchant
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db
REASON = "身份核验没有完成"


def graded(merchant, grade):
    standing.write_effects(
        merchant_id=merchant.pk,
        grade=grade,
        score_permille=300,
        payout_delay_days=7,
        rule_id="credit.v1",
        at=LISTED,
    )
    return Merchant.objects.get(pk=merchant.pk)


def restricted(merchant):
    standing.restrict(
        merchant_id=merchant.pk,
        reason=REASON,
        rule_id="cn.kyc.recheck",
        actor=Actor.staff(new_id()),
        at=LISTED,
    )


class TestStanding:
    @pytest.mark.parametrize("step", [submitting.submit, publishing.publish])
    def test_a_restricted_shop_puts_nothing_new_on_sale_and_reads_why(self, step):
        listing = a_listing(live=False)
        restricted(listing.merchant)
        with pytest.raises(publishing.ShopMayNotPublish) as refused:
            step(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        assert refused.value.params == {"state": "restricted", "reason": REASON, "rule": "cn.kyc.recheck"}
        assert Listing.objects.get(pk=listing.pk).state == "draft"
        assert not Submission.objects.exists()

    def test_what_is_on_sale_stays_while_it_is_restricted_and_goes_when_suspended(self):
        listing = a_listing()
        restricted(listing.merchant)
        assert Listing.objects.live().filter(pk=listing.pk).exists()
        staff = Actor.staff(new_id())
        standing.suspend(
            merchant_id=listing.merchant_id, reason=REASON, rule_id="cn.kyc.recheck", actor=staff, at=LISTED
        )
        assert not Listing.objects.live().filter(pk=listing.pk).exists()

    def test_its_pages_say_so_and_lead_to_the_appeal(self):
        listing = a_listing(live=False)
        restricted(listing.merchant)
        owner = a_member(listing.merchant)
        for name, args in (("catalog:listings", []), ("catalog:listing", [listing.pk])):
            page = owner.client.get(reverse(name, args=[listing.merchant.slug, *args])).content.decode()
            assert REASON in page
            assert reverse("merchants:standing", args=[listing.merchant.slug]) in page


class TestGrade:
    def test_a_grade_limits_how_many_and_the_page_counts_them(self, monkeypatch):
        listing = a_listing(live=False)
        merchant = graded(listing.merchant, "E")
        a_listing(merchant=merchant, title="竹茶则")
        most = limits.most_live(merchant, at=LISTED)
        assert most == 100
        page = (
            a_member(merchant).client.get(reverse("catalog:listings", args=[merchant.slug])).content.decode()
        )
        assert "最多 100 件商品，现在 1 件在售" in page
        monkeypatch.setattr(limits, "_limits", lambda shop, at: [(1, limits.POLICY)])
        with pytest.raises(limits.TooManyListings):
            submitting.submit(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        assert Listing.objects.get(pk=listing.pk).state == "draft"

    def test_nothing_is_said_where_nothing_holds_it_back(self):
        merchant = a_merchant()
        page = (
            a_member(merchant).client.get(reverse("catalog:listings", args=[merchant.slug])).content.decode()
        )
        assert "商品受到的限制" not in page

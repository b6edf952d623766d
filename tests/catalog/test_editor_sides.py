"""Beside the editor: what changed in variants, since when it is in review, why it was taken down."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog import drafting, submitting, suspension, taking_down
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import COLOUR, a_listing_with_variants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED + timedelta(hours=1))


@pytest.fixture
def shop():
    return a_merchant()


def page(shop, name, *args):
    client = a_member(shop, at=LISTED).client
    answer = client.get(reverse(f"catalog:{name}", args=[shop.slug, *args]))
    assert answer.status_code == 200
    return answer.content.decode()


class TestDiff:
    def test_shows_each_variant_that_changed_and_no_other(self, shop):
        listing = a_listing_with_variants(merchant=shop)
        rows = listing.draft["variants"]
        rows[1]["price_minor"] = 5900
        drafting.edit_draft(
            listing_id=listing.pk,
            changes={"variants": rows[:3]},
            actor=Actor.member(new_id(), shop.pk),
            at=LISTED,
        )
        said = page(shop, "listing-compare", listing.pk, 1)
        assert "颜色：月白；容量：480 ml" in said and "<ins>" in said and "59" in said
        assert "颜色：墨黑；容量：480 ml" in said, "taken out"
        assert "颜色：月白；容量：200 ml" not in said

    def test_shows_an_option_that_came(self, shop):
        listing = a_listing(merchant=shop)
        choices = [{"choice": {"colour": each["key"]}, "price_minor": None} for each in COLOUR["values"]]
        drafting.edit_draft(
            listing_id=listing.pk, changes={"options": [COLOUR], "variants": choices},
            actor=Actor.member(new_id(), shop.pk), at=LISTED,
        )  # fmt: skip
        said = page(shop, "listing-compare", listing.pk, 1)
        assert "月白、墨黑" in said and "颜色：墨黑" in said


def test_the_list_says_since_when_it_is_in_review(shop):
    listing = a_listing(merchant=shop, live=False)
    assert "审核中" not in page(shop, "listings")
    submitting.submit(listing_id=listing.pk, actor=Actor.member(new_id(), shop.pk), at=LISTED)
    assert "审核中" in page(shop, "listings")


def test_what_was_taken_down_says_why_and_what_to_do(shop):
    listing = a_listing(merchant=shop)
    suspension.suspend(
        listing_id=listing.pk,
        reason="标签与实物不符",
        rule_id="cn.disclosure.general",
        actor=Actor.staff(new_id()),
        at=LISTED,
    )
    said = page(shop, "listing", listing.pk)
    assert "标签与实物不符" in said and "申诉" in said and "已下的订单按约定继续" in said


def test_what_fell_short_says_what_to_put_right(shop):
    listing = a_listing(merchant=shop)
    taking_down.take_down(
        listing_id=listing.pk,
        reason="食品经营许可证已过期",
        rule_id="cn.disclosure.general",
        actor=Actor.system(),
        at=LISTED,
    )
    said = page(shop, "listing", listing.pk)
    assert "食品经营许可证已过期" in said and "不需要谁来解除" in said


def test_filled_facts_fold_away_and_gaps_stay(shop):
    listing = a_listing(merchant=shop, live=False, attributes={"maker": "清川窑业有限公司"})
    said = page(shop, "listing", listing.pk)
    assert said.index('id="s-variants"') < said.index('id="s-pictures"') < said.index('id="s-terms"')
    assert said.count('form="draft"') > 20 and "还可以补充" in said


class TestFoldedVariants:
    def test_a_row_says_what_it_holds_and_opens_where_something_is_wrong(self, shop):
        listing = a_listing_with_variants(merchant=shop, white_large={"weight_grams": 480})
        said = page(shop, "listing", listing.pk)
        table = said[said.index('class="var"') : said.index("</table>", said.index('class="var"'))]
        assert "480 克" in table and '<details class="more" open>' not in table
        typed = {f"v{row}-{name}": "" for row in range(4) for name in ("sku", "on_hand", "was")}
        address = reverse("catalog:listing-variants", args=[shop.slug, listing.pk])
        answer = a_member(shop, at=LISTED).client.post(address, {**typed, "v1-barcode": "6901234567890"})
        wrong = answer.content.decode()
        assert answer.status_code == 422 and wrong.count('<details class="more" open>') == 1
        assert wrong.index('<details class="more" open>') < wrong.index('name="v1-barcode"')

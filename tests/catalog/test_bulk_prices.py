"""The table of prices and stock over HTTP, without script: seen, changed, checked, taken, reported."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from catalog import drafting, stock, variants
from catalog.models import BulkChange, Listing, Stock, StockChange
from kernel.actor import Actor
from kernel.ids import new_id
from merchants.capabilities import Capability
from tests.builders.people import a_member
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variants_of

pytestmark = pytest.mark.django_db
NOW = LISTED + timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def shop():
    merchant = a_merchant()
    return SimpleNamespace(merchant=merchant, client=a_member(merchant, at=LISTED).client)


def url(shop, name="bulk", *args):
    return reverse(f"catalog:{name}", args=[shop.merchant.slug, *args])


def table(shop, **query):
    return shop.client.get(url(shop), query).content.decode()


def form(shop, **query):
    """What the page's form holds, as a browser would send it."""
    page = shop.client.get(url(shop), query)
    told = {"row": re.findall(r'name="row" value="(\w+)"', page.content.decode())}
    for name, value in re.findall(r'name="([pws]-\w+)"[^>]*? value="([^"]*)"', page.content.decode()):
        told[name] = value
    return told


def check(shop, told, **query):
    suffix = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    return shop.client.post(url(shop, "bulk-check") + suffix, told)


def plan_of(answer):
    found = re.search(r'name="plan" value="([^"]*)"', answer.content.decode())
    return found[1] if found else None


def take(shop, plan, *, key="key-00000001", together=False):
    told = {"plan": plan, "idempotency_key": key} | ({"together": "on"} if together else {})
    return shop.client.post(url(shop, "bulk-changes"), told)


def taken(shop, told, **kwargs):
    checked = check(shop, told)
    assert checked.status_code == 200, checked.content.decode()
    answer = take(shop, plan_of(checked), **kwargs)
    assert answer.status_code == 303, answer.content.decode()
    return BulkChange.objects.latest("at", "id")


def results(made):
    return [(each["sku"], each["result"]) for each in made.lines]


def price_of(listing):
    return Listing.objects.select_related("live_revision").get(pk=listing.pk).live_revision.price_minor


class TestOneRow:
    def test_goes_on_sale_with_its_new_price_and_counts_at_once(self, shop):
        listing = a_listing(merchant=shop.merchant, code="TEA", price="39.00", stock=10)
        told, key = form(shop), listing.pk.hex
        assert told["row"] == [key] and told[f"p-{key}"] == "39.00" and told[f"s-{key}"] == "10"
        checked = check(shop, {**told, f"p-{key}": "45.50", f"s-{key}": "12"})
        words = checked.content.decode()
        assert "¥39.00" in words and "¥45.50" in words and price_of(listing) == 3900
        made = taken(shop, {**told, f"p-{key}": "45.50", f"s-{key}": "12"})
        assert results(made) == [("TEA", "on_sale")] and (made.taken, made.refused) == (1, 0)
        assert price_of(listing) == 4550 and Stock.objects.get(pk=listing.pk).on_hand == 12
        report = shop.client.get(url(shop, "bulk-change", made.pk)).content.decode()
        assert "¥45.50" in report and "TEA" in report

    def test_of_a_draft_stays_in_the_draft(self, shop):
        listing = a_listing(merchant=shop.merchant, live=False, price="39.00")
        made = taken(shop, {**form(shop), f"p-{listing.pk.hex}": "41"})
        listing.refresh_from_db()
        assert made.lines[0]["result"] == "draft" and listing.draft["price_minor"] == 4100

    def test_with_other_changes_waiting_doesnt_push_them_on_sale(self, shop):
        listing = a_listing(merchant=shop.merchant, price="39.00")
        drafting.edit_draft(
            listing_id=listing.pk, changes={"title": {"zh-hans": "半成品标题"}},
            actor=Actor.member(new_id(), shop.merchant.pk), at=NOW,
        )  # fmt: skip
        made = taken(shop, {**form(shop), f"p-{listing.pk.hex}": "41"})
        assert made.lines[0]["result"] == "draft" and price_of(listing) == 3900

    def test_of_one_variant_leaves_the_others(self, shop):
        listing = a_listing_with_variants(merchant=shop.merchant)
        row = variants_of(listing)["white_large"]
        told = form(shop)
        assert len(told["row"]) == 4 and listing.pk.hex not in told["row"]
        made = taken(shop, {**told, f"p-{row.pk.hex}": "59", f"s-{row.pk.hex}": "3"})
        assert results(made) == [(row.sku, "on_sale")]
        live = Listing.objects.select_related("live_revision").get(pk=listing.pk).live_revision
        prices = {each["id"]: each["price_minor"] for each in live.content["variants"]}
        assert prices.pop(str(row.pk)) == 5900 and set(prices.values()) == {3900}
        assert Stock.objects.get(pk=row.pk).on_hand == 3

    @pytest.mark.parametrize(
        ("name", "text"),
        [("p", "abc"), ("p", "-3"), ("p", "1.234"), ("s", "1.5"), ("s", "-1"), ("s", "9999999")],
    )
    def test_that_cant_be_read_keeps_everything_typed(self, shop, name, text):
        listing = a_listing(merchant=shop.merchant, price="39.00", stock=4)
        other = a_listing(merchant=shop.merchant, price="20.00")
        told = {**form(shop), f"{name}-{listing.pk.hex}": text, f"p-{other.pk.hex}": "21.00"}
        answer = check(shop, told)
        words = answer.content.decode()
        assert answer.status_code == 422 and f'value="{text}"' in words and 'value="21.00"' in words
        assert price_of(listing) == 3900 and not BulkChange.objects.exists()

    def test_nothing_typed_says_so(self, shop):
        a_listing(merchant=shop.merchant)
        assert check(shop, form(shop)).status_code == 422


class TestRefusals:
    def test_zero_and_below_what_is_held(self, shop):
        listing = a_listing(merchant=shop.merchant, code="A", price="39.00", stock=5)
        other = a_listing(merchant=shop.merchant, code="B", price="20.00")
        stock.reserve(
            lines=[(listing.pk, 3)], reference=new_id(), expires_at=NOW + timedelta(hours=1), at=NOW
        )
        told = {**form(shop, sort="sku"), f"s-{listing.pk.hex}": "2", f"p-{other.pk.hex}": "0"}
        words = check(shop, told).content.decode()
        assert words.count('class="chip chip--late"') == 2 and "3" in words
        made = taken(shop, told)
        assert results(made) == [("A", "refused"), ("B", "refused")] and made.taken == 0
        assert Stock.objects.get(pk=listing.pk).on_hand == 5 and price_of(other) == 2000

    def test_a_price_that_makes_a_crossed_out_price_false_cites_the_rule(self, shop):
        listing = a_listing(merchant=shop.merchant, code="A", price="39.00")
        a_deal(listing, "39.00", at=NOW - timedelta(hours=3))
        published(listing, at=NOW, price_minor=3000, reduction=a_claim("39.00", until="2026-11-20"))
        told = {**form(shop), f"p-{listing.pk.hex}": "39.00"}
        words = check(shop, told).content.decode()
        assert "chip--late" in words and "<b>" in words
        made = taken(shop, told)
        assert results(made) == [("A", "refused")] and made.lines[0]["rules"] == ["cn.price.reference"]
        assert price_of(listing) == 3000

    def test_together_keeps_the_good_rows_back(self, shop):
        good = a_listing(merchant=shop.merchant, code="A", price="39.00", stock=5)
        bad = a_listing(merchant=shop.merchant, code="B", price="20.00")
        told = {**form(shop, sort="sku"), f"s-{good.pk.hex}": "7", f"p-{bad.pk.hex}": "0"}
        made = taken(shop, told, together=True)
        assert results(made) == [("A", "kept_back"), ("B", "refused")] and (made.taken, made.refused) == (
            0,
            2,
        )
        assert Stock.objects.get(pk=good.pk).on_hand == 5
        made = taken(shop, told, key="key-00000002")
        assert (
            results(made) == [("A", "counted"), ("B", "refused")]
            and Stock.objects.get(pk=good.pk).on_hand == 7
        )

    def test_a_refused_row_can_be_put_right_or_left_out_on_the_check(self, shop):
        good = a_listing(merchant=shop.merchant, code="A", price="39.00", stock=5)
        bad = a_listing(merchant=shop.merchant, code="B", price="20.00")
        told = {**form(shop), f"s-{good.pk.hex}": "7", f"p-{bad.pk.hex}": "0"}
        plan = plan_of(check(shop, told))
        again = shop.client.post(url(shop, "bulk-check"), {"plan": plan, f"p-{bad.pk.hex}": "22"})
        assert "chip--late" not in again.content.decode() and "¥22.00" in again.content.decode()
        without = shop.client.post(url(shop, "bulk-check"), {"plan": plan, "drop": bad.pk.hex})
        assert bad.pk.hex not in plan_of(without) and good.pk.hex in plan_of(without)
        unread = shop.client.post(url(shop, "bulk-check"), {"plan": plan, f"p-{bad.pk.hex}": "x"})
        assert unread.status_code == 422 and 'value="x"' in unread.content.decode()

    def test_a_suspended_listing_keeps_its_price(self, shop):
        listing = a_listing(merchant=shop.merchant, price="39.00")
        Listing.objects.filter(pk=listing.pk).update(state="suspended")
        made = taken(shop, {**form(shop), f"p-{listing.pk.hex}": "41"})
        listing.refresh_from_db()
        assert made.lines[0]["result"] == "refused" and listing.draft["price_minor"] == 3900

    @pytest.mark.parametrize("plan", ["", "nonsense", "a b c d e", "0" * 32 + " 1 1 2"])
    def test_a_plan_that_was_cut_off_changes_nothing(self, shop, plan):
        a_listing(merchant=shop.merchant)
        assert take(shop, plan).status_code == 422 and not BulkChange.objects.exists()


class TestMeanwhile:
    def test_a_price_changed_elsewhere_is_shown_and_kept(self, shop):
        listing = a_listing(merchant=shop.merchant, price="39.00")
        told = {**form(shop), f"p-{listing.pk.hex}": "41"}
        plan = plan_of(check(shop, told))
        published(listing, at=NOW, price_minor=3500)
        words = check(shop, told).content.decode()
        assert "¥35.00" in words and "chip--late" in words
        assert take(shop, plan).status_code == 303
        made = BulkChange.objects.get()
        assert made.lines[0]["result"] == "moved" and price_of(listing) == 3500

    def test_pieces_sold_meanwhile_stop_a_count_and_not_an_addition(self, shop):
        listing = a_listing(merchant=shop.merchant, price="39.00", stock=10)
        told = form(shop)
        reference = new_id()
        stock.reserve(
            lines=[(listing.pk, 2)], reference=reference, expires_at=NOW + timedelta(hours=1), at=NOW
        )
        stock.commit(reference=reference, at=NOW)
        assert taken(shop, {**told, f"s-{listing.pk.hex}": "12"}).lines[0]["result"] == "moved"
        step = {"scope": "page", "stock_step": "add", "pieces": "5"}
        made = taken(shop, {**told, **step}, key="key-00000002")
        assert made.lines[0]["result"] == "counted" and Stock.objects.get(pk=listing.pk).on_hand == 13

    def test_sent_twice_is_taken_once(self, shop):
        listing = a_listing(merchant=shop.merchant, stock=10)
        step = {"scope": "page", "stock_step": "add", "pieces": "5"}
        plan = plan_of(check(shop, {**form(shop), **step}))
        first, second = take(shop, plan), take(shop, plan)
        assert first["Location"] == second["Location"] and BulkChange.objects.count() == 1
        assert Stock.objects.get(pk=listing.pk).on_hand == 15
        assert StockChange.objects.filter(variant=listing.pk, quantity=5).count() == 1

    def test_a_variant_taken_out_is_said(self, shop):
        listing = a_listing_with_variants(merchant=shop.merchant)
        row = variants_of(listing)["white_large"]
        plan = plan_of(check(shop, {**form(shop), f"p-{row.pk.hex}": "59"}))
        variants.retire(variant_id=row.pk, actor=Actor.member(new_id(), shop.merchant.pk), at=NOW)
        assert take(shop, plan).status_code == 303
        assert BulkChange.objects.get().lines[0]["result"] == "moved"


class TestWhoMay:
    def test_reads_and_doesnt_change_without_the_capability(self, shop):
        listing = a_listing(merchant=shop.merchant, price="39.00")
        reader = a_member(shop.merchant, [Capability.READ], at=LISTED).client
        page = reader.get(url(shop))
        assert page.status_code == 200 and 'name="p-' not in page.content.decode()
        told = {"row": listing.pk.hex, f"p-{listing.pk.hex}": "1"}
        assert reader.post(url(shop, "bulk-check"), told).status_code in (403, 404)
        plan = f"{listing.pk.hex} 3900 10 100 ="
        assert reader.post(
            url(shop, "bulk-changes"), {"plan": plan, "idempotency_key": "key-00000001"}
        ).status_code in (403, 404)
        assert price_of(listing) == 3900

    def test_another_shops_row_is_nothing(self, shop):
        theirs = a_listing(price="39.00", stock=10)
        assert theirs.pk.hex not in table(shop)
        assert check(shop, {"row": theirs.pk.hex, f"p-{theirs.pk.hex}": "1"}).status_code == 404
        assert take(shop, f"{theirs.pk.hex} 3900 10 100 =").status_code == 404
        assert price_of(theirs) == 3900 and not BulkChange.objects.exists()

    def test_another_shops_report_is_nothing(self, shop):
        listing = a_listing(merchant=shop.merchant, stock=10)
        made = taken(shop, {**form(shop), f"s-{listing.pk.hex}": "11"})
        other = a_merchant()
        stranger = a_member(other, at=LISTED).client
        assert stranger.get(reverse("catalog:bulk-change", args=[other.slug, made.pk])).status_code == 404

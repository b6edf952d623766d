"""The editor's options and table of variants, over HTTP and without script."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from catalog import publishing, stock
from catalog.models import Listing, Stock, StockChange, Variant
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.people import a_member
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variant_id, variants_of

pytestmark = pytest.mark.django_db
COLOURS = {"o0-zh-hans": "颜色", "o0-en": "Colour", "o0-values": "月白 | 月白 | Moon white\n墨黑\n\n |  | "}


@pytest.fixture
def shop():
    merchant = a_merchant()
    return SimpleNamespace(merchant=merchant, client=a_member(merchant, at=LISTED).client)


def post(shop, name, listing, told=None, **kwargs):
    with clock.frozen(LISTED):
        address = reverse(f"catalog:{name}", args=[shop.merchant.slug, listing.pk, *kwargs.values()])
        return shop.client.post(address, told or {})


def page_of(shop, listing):
    with clock.frozen(LISTED):
        return shop.client.get(reverse("catalog:listing", args=[shop.merchant.slug, listing.pk]))


def typed(listing, **changes):
    """The table as the page shows it, with `changes`."""
    listing = Listing.objects.with_offer().get(pk=listing.pk)
    told, held = {}, stock.pieces(listing)
    for row, each in enumerate(listing.draft["variants"]):
        on_hand = held[Variant.objects.get(pk=each["id"]).pk].on_hand
        told |= {
            f"v{row}-sku": each["sku"], f"v{row}-price": "", f"v{row}-on_hand": on_hand,
            f"v{row}-was": on_hand, f"v{row}-barcode": "", f"v{row}-images": "",
        }  # fmt: skip
    return told | changes


class TestOptions:
    def test_makes_the_combinations(self, shop):
        listing = a_listing(merchant=shop.merchant, live=False, code="T")
        told = {**COLOURS, "o1-zh-hans": "容量", "o1-values": "200 ml\n480 ml"}
        assert post(shop, "listing-options", listing, told).status_code == 303
        listing.refresh_from_db()
        assert [each["sku"] for each in listing.draft["variants"]] == ["T-1", "T-2", "T-3", "T-4"]
        white = listing.draft["options"][0]["values"][0]
        assert white["labels"] == {"zh-hans": "月白", "zh-hant": "月白", "en": "Moon white"}
        assert Stock.objects.filter(listing=listing).count() == 5
        said = page_of(shop, listing).content.decode()
        assert "颜色：墨黑；容量：480 ml" in said and 'id="s-stock"' not in said

    def test_another_value_keeps_the_others_and_what_was_taken_out_stays_out(self, shop):
        listing = a_listing(merchant=shop.merchant, live=False)
        post(shop, "listing-options", listing, COLOURS)
        before = {row.choice_key: row.pk for row in Variant.objects.of_listing(listing.pk)}
        white, black = (each for key, each in before.items() if key)
        post(shop, "listing-variant-retirement", listing, variant_id=black)
        post(shop, "listing-options", listing, {**COLOURS, "o0-values": "月白\n墨黑\n青瓷"})
        listing.refresh_from_db()
        ids = [each["id"] for each in listing.draft["variants"]]
        assert ids[0] == str(white) and len(ids) == 2 and str(black) not in ids
        post(shop, "listing-variant-return", listing, variant_id=black)
        listing.refresh_from_db()
        assert str(black) in [each["id"] for each in listing.draft["variants"]]

    def test_a_key_never_means_something_else_later(self, shop):
        listing = a_listing(merchant=shop.merchant, live=False)
        post(shop, "listing-options", listing, COLOURS)
        post(shop, "listing-options", listing, {})
        post(shop, "listing-options", listing, {"o0-zh-hans": "尺寸", "o0-values": "大\n小"})
        listing.refresh_from_db()
        keys = list(Variant.objects.of_listing(listing.pk).values_list("choice_key", flat=True))
        assert len(keys) == len(set(keys)) == 5
        assert listing.draft["options"][0]["key"] != "o1"

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"o0-values": ""}, "都要有名称"),
            ({"o0-zh-hans": "", "o0-en": ""}, "都要有名称"),
            ({"o0-values": "月白\n月白"}, "出现了两次"),
            ({"o0-values": "色" * 41}, "最多 40 个字"),
            ({"o0-values": "\n".join(map(str, range(31)))}, "30 个取值"),
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, shop, change, words):
        listing = a_listing(merchant=shop.merchant, live=False)
        answer = post(shop, "listing-options", listing, {**COLOURS, **change, "o2-zh-hans": "打字打到一半"})
        said = answer.content.decode()
        assert answer.status_code == 422
        assert "打字打到一半" in said
        assert Variant.objects.of_listing(listing.pk).count() == 1
        answer = post(shop, "listing-options", listing, {**COLOURS, **change})
        assert answer.status_code == 422 and words in answer.content.decode()


class TestTable:
    def test_saves_price_count_barcode_and_pictures(self, shop):
        listing = a_listing_with_variants(merchant=shop.merchant)
        row = {"v0-price": "29.00", "v0-on_hand": "7", "v0-barcode": "6901234567892", "v0-images": "2"}
        assert post(shop, "listing-variants", listing, typed(listing, **row)).status_code == 303
        listing.refresh_from_db()
        first = listing.draft["variants"][0]
        assert (first["price_minor"], first["barcode"], first["images"]) == (2900, "6901234567892", [1])
        assert Stock.objects.get(pk=first["id"]).on_hand == 7
        with clock.frozen(LISTED):
            publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
        listing = Listing.objects.get(pk=listing.pk)
        assert listing.shelf_price_minor == 2900

    def test_a_count_that_nobody_typed_is_left_alone(self, shop):
        listing = a_listing_with_variants(merchant=shop.merchant)
        told, row = typed(listing), variants_of(listing)["white_small"]
        stock.reserve(lines=[(row.pk, 4)], reference=new_id(), expires_at=LISTED, at=LISTED)
        stock.commit(reference=stock.Reservation.objects.get().reference, at=LISTED)
        changes = StockChange.objects.count()
        assert post(shop, "listing-variants", listing, {**told, "v1-price": "31.00"}).status_code == 303
        assert Stock.objects.get(pk=row.pk).on_hand == 6
        assert StockChange.objects.count() == changes

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"v0-price": "abc"}, ""),
            ({"v0-price": "0"}, "大于零"),
            ({"v1-barcode": "6901234567890"}, "最后一位"),
            ({"v0-images": "9"}, "只能用这件商品的图片"),
            ({"v0-images": "a"}, "只能用这件商品的图片"),
            ({"v0-sku": "x y"}, "SKU 最多"),
            ({"v0-on_hand": "-1"}, ""),
            ({"v0-on_hand": "1.5"}, ""),
            ({"v0-sku": "same", "v1-sku": "same"}, "已经属于"),
            ({"v2-on_hand": "1"}, "件已被买家占用"),
        ],
    )
    def test_bad_input_keeps_everything_typed_and_saves_nothing(self, shop, change, words):
        listing = a_listing_with_variants(merchant=shop.merchant, live=False)
        third = variants_of(listing)["black_small"].pk
        stock.reserve(lines=[(third, 2)], reference=new_id(), expires_at=LISTED, at=LISTED)
        before = Listing.objects.get(pk=listing.pk).draft
        told = typed(listing, **{"v3-price": "77.70", **change})
        answer = post(shop, "listing-variants", listing, told)
        said = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="77.70"' in said and all(f'value="{value}"' in said for value in change.values())
        assert "err" in said
        if words and words != "件已被买家占用":
            assert words in said
        assert Listing.objects.get(pk=listing.pk).draft == before
        assert set(Stock.objects.filter(listing=listing).values_list("on_hand", flat=True)) == {0, 10}


class TestOtherShops:
    @pytest.mark.parametrize("name", ["listing-variant-retirement", "listing-variant-return"])
    def test_their_variants_are_not_found(self, shop, name):
        own, foreign = a_listing_with_variants(merchant=shop.merchant), a_listing_with_variants()
        key = variant_id(foreign, "white_small")
        assert post(shop, name, own, variant_id=key).status_code == 404
        assert post(shop, name, foreign, variant_id=key).status_code == 404
        assert Variant.objects.get(pk=key).state == "active"


def test_the_list_says_from_and_to_and_sums_the_stock(shop):
    a_listing_with_variants(merchant=shop.merchant, white_small={"price_minor": 2900})
    with clock.frozen(LISTED):
        said = shop.client.get(reverse("catalog:listings", args=[shop.merchant.slug])).content.decode()
    assert "29.00 – " in said and "39.00" in said
    assert ">40<" in said.replace(" ", "")

"""Rows of a file are written together, and come out as if each had been written alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.measuring import count
from catalog import drafting, publishing, stock, together
from catalog.drafting import CodeTaken, NewListing
from catalog.importing import running
from catalog.models import Listing, ListingMove, PriceHistory, Stock, StockChange, Submission, Variant
from catalog.stock import CountTooLow, QuantityRefused
from catalog.together import RowsRefused
from catalog.variants import SkuTaken
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.limits import TooManyListings
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.catalog.test_import import a_file, a_row, take

pytestmark = pytest.mark.django_db
ACTOR = Actor.system()


@pytest.fixture
def shop():
    return a_merchant()


def rows_of(shop, number, **cells):
    return [a_row(code=f"S-{n}", **{"title_zh-hans": f"竹茶盘 {n} 寸", **cells}) for n in range(number)]


class TestStatements:
    @pytest.mark.parametrize(
        ("cells", "result"), [({}, "published"), ({"price": ""}, "draft")], ids=["complete", "drafts"]
    )
    def test_twenty_rows_cost_as_many_as_four(self, shop, cells, result):
        spent = []
        for number in (4, 20):
            file, mine = a_file(*rows_of(shop, number, **cells)), a_merchant()
            # A first file warms what a process asks once.
            take(a_file(a_row(code="W")), mine)
            with CaptureQueriesContext(connection) as taken:
                summary, _seen = take(file, mine)
            assert dict(summary.results) == {result: number}
            spent.append(count(taken))
        assert spent[0] == spent[1] <= 40

    def test_a_second_file_of_changes_costs_as_many_for_more(self, shop):
        spent = []
        for number in (4, 20):
            mine = a_merchant()
            take(a_file(*rows_of(mine, number)), mine)
            changed = a_file(*rows_of(mine, number, price="41.00", stock="9"))
            with CaptureQueriesContext(connection) as taken:
                summary, _seen = take(changed, mine)
            assert dict(summary.results) == {"published": number}
            spent.append(count(taken))
        assert spent[0] == spent[1]
        assert PriceHistory.objects.filter(listing__merchant=mine).count() == 40


MIXED = [
    a_row,
    lambda: a_row(code="M-2", price=""),
    lambda: a_row(code="M-3", barcode="4006381333930"),
    lambda: a_row(code="M-4", price="-1"),
    # Nearly the title of the first, which goes on sale just before it.
    lambda: a_row(code="M-5"),
    lambda: a_row(code="M-6", **{"title_zh-hans": "全网最佳 竹匙"}),
    lambda: a_row(code="M-7", stock="", **{"title_zh-hans": "青釉盘 七寸"}),
    lambda: a_row(code="M-8", picture="u/" + "0" * 32, **{"title_zh-hans": "粗陶花器"}),
    lambda: a_row(code="M 9", **{"title_zh-hans": "竹编茶则"}),
    lambda: a_row(code="M-10", **{"title_zh-hans": "急须", "option1": "颜色", "value1": "红", "sku": "M-2"}),
    lambda: a_row(code="M-11", **{"title_zh-hans": "盖碗", "option1": "颜色", "value1": "红", "sku": "G-1"}),
    lambda: a_row(code="M-11", **{"title_zh-hans": "盖碗", "option1": "颜色", "value1": "白", "sku": "G-2"}),
    lambda: a_row(code="OLD", price="12.00", **{"title_zh-hans": "旧物一件"}),
    lambda: a_row(code="HELD", stock="0", **{"title_zh-hans": "有人要的"}),
]


def held_listing(shop):
    row = a_listing(merchant=shop, code="HELD", title="有人要的")
    stock.reserve(lines=[(row.pk, 1)], reference=new_id(), expires_at=LISTED, at=LISTED)


def all_of(shop):
    """Everything written about the shop's listings, without ids and chance."""
    mine = {"listing__merchant": shop}
    return {
        "listings": list(
            Listing.objects.filter(merchant=shop)
            .order_by("code")
            .values_list("code", "state", "working_title", "barcode", "shelf_price_minor", "published_at")
        ),
        "variants": list(
            Variant.objects.filter(merchant=shop).order_by("sku").values_list("sku", "choice_key", "state")
        ),
        "stock": sorted(Stock.objects.filter(**mine).values_list("listing__code", "on_hand", "reserved")),
        "changes": sorted(StockChange.objects.filter(**mine).values_list("listing__code", "quantity")),
        "prices": sorted(PriceHistory.objects.filter(**mine).values_list("listing__code", "price_minor")),
        "moves": sorted(ListingMove.objects.filter(**mine).values_list("listing__code", "name")),
        "handed_in": sorted(
            Submission.objects.filter(**mine).values_list("listing__code", "state", "weight", "moves__name")
        ),
    }


class TestAsIfAlone:
    def test_a_mixed_file_ends_the_same_row_by_row_and_at_once(self, monkeypatch):
        header = [*a_row(), "barcode", "picture", "option1", "value1", "sku"]
        ended = []
        for batch in (1, 200):
            monkeypatch.setattr(running, "BATCH", batch)
            mine = a_merchant(display_name="同一家店", legal_name=f"同一家店有限公司{batch}")
            a_listing(merchant=mine, code="OLD", title="旧物一件")
            held_listing(mine)
            _summary, seen = take(a_file(*(each() for each in MIXED), header=header), mine)
            ended.append(([(e.number, e.code, e.result, e.gaps, e.problems) for e in seen], all_of(mine)))
        assert ended[0] == ended[1]
        results = [result for _number, _code, result, _gaps, _problems in ended[1][0]]
        assert results == [
            "published", "draft", "refused", "refused", "waiting", "draft", "published", "refused",
            "refused", "refused", "published", "published", "published", "refused",
        ]  # fmt: skip

    def test_what_no_longer_has_room_leaves_nothing_and_drafts_go_on(self, shop, monkeypatch):
        def room_for_two(merchant, *, live, at):
            if live >= 2:
                raise TooManyListings(limit=2, rule="policy.listing.limits")

        monkeypatch.setattr(publishing.limits, "require_room", room_for_two)
        rows = [*rows_of(shop, 4), a_row(code="S-9", price="")]
        _summary, seen = take(a_file(*rows, header=list(a_row())), shop)
        assert [each.result for each in seen] == ["published", "published", "refused", "refused", "draft"]
        assert "2" in seen[2].problems[0][1]
        assert sorted(Listing.objects.values_list("code", flat=True)) == ["S-0", "S-1", "S-9"]
        assert not StockChange.objects.filter(listing__code="S-2").exists()

    def test_a_code_that_is_the_sku_of_a_variant_is_refused(self, shop):
        rows = [
            a_row(code="V-1", option1="颜色", value1="红", sku="V-2"),
            a_row(code="V-1", option1="颜色", value1="白", sku="V-3"),
        ]
        take(a_file(*rows), shop)
        _summary, seen = take(a_file(a_row(code="V-2"), a_row(code="V-4")), shop)
        assert [each.result for each in seen] == ["refused", "waiting"]


class TestAllOrNone:
    def test_new_listings_name_every_refused_row_and_write_nothing(self, shop):
        there = a_listing(merchant=shop, code="T-1")
        wanted = [NewListing("home", "T-1"), NewListing("home", "T-2"), NewListing("weapons", "T-3")]
        with pytest.raises(RowsRefused) as refused:
            drafting.create_listings(merchant_id=shop.pk, wanted=wanted, actor=ACTOR, at=LISTED)
        assert {place: type(each) for place, each in refused.value.reasons.items()} == {
            0: CodeTaken,
            2: NotFound,
        }
        assert list(Listing.objects.all()) == [there]

    def test_a_code_twice_in_one_call_is_taken(self, shop):
        wanted = [NewListing("home", "T-1"), NewListing("home", " T-1 ")]
        with pytest.raises(RowsRefused) as refused:
            drafting.create_listings(merchant_id=shop.pk, wanted=wanted, actor=ACTOR, at=LISTED)
        assert list(refused.value.reasons) == [1]
        assert not Listing.objects.exists()

    def test_counts_name_every_refused_row_and_change_nothing(self, shop):
        first, second = a_listing(merchant=shop, stock=3), a_listing(merchant=shop, stock=3)
        stock.reserve(lines=[(second.pk, 2)], reference=new_id(), expires_at=LISTED, at=LISTED)
        counts = [(first.pk, 9), (second.pk, 1), (new_id(), 1), (first.pk, -1)]
        with pytest.raises(RowsRefused) as refused:
            stock.count_all(counts=counts, actor=ACTOR, at=LISTED)
        assert [type(refused.value.reasons[place]) for place in (1, 2, 3)] == [
            CountTooLow,
            NotFound,
            QuantityRefused,
        ]
        assert set(Stock.objects.values_list("on_hand", flat=True)) == {3}

    def test_the_one_row_form_raises_its_own_refusal(self, shop):
        a_listing(merchant=shop, code="T-1")
        with pytest.raises(CodeTaken):
            drafting.create_listing(merchant_id=shop.pk, category="home", code="T-1", actor=ACTOR, at=LISTED)
        with pytest.raises(NotFound), together.alone():
            drafting.edit_drafts(edits=[drafting.Edit(new_id(), {})], actor=ACTOR, at=LISTED)


def test_a_sku_taken_meanwhile_is_the_new_listings_own_refusal(shop):
    Variant.objects.filter(listing=a_listing(merchant=shop)).update(sku="W-1")
    with pytest.raises(SkuTaken):
        drafting.create_listing(merchant_id=shop.pk, category="home", code="W-1", actor=ACTOR, at=LISTED)

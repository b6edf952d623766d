"""Finding offers: Chinese from two characters, Latin, as it sounds, by code, with slips of the pen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import search_text, stock
from catalog.search import Wish, find
from merchants import standing
from tests.builders.shops import LISTED, a_listing, a_merchant, complete_attributes, the_schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    shop = a_merchant(display_name="山止器物")
    pot = a_listing(
        merchant=shop,
        title="月白釉手作横手急须 480ml",
        code="KY-480",
        barcode="4006381333931",
        description={"zh-hans": "断水不滴"},
    )
    lamp = a_listing(merchant=shop, title="防频闪球泡灯 9 W", price="89.00", category="electronics")
    tea = a_listing(merchant=shop, title="明前龙井 Longjing Green Tea", price="128.00", category="food")
    return {"pot": pot, "lamp": lamp, "tea": tea}


def found(text="", **query):
    listings = find(Wish.read({"q": text, **query}), at=LISTED)[0:50]
    return [listing.live_revision.content["title"]["zh-hans"][:2] for listing in listings]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("急须", ["月白"]),
        ("月白", ["月白"]),
        ("月白 急须", ["月白"]),
        ("龙井", ["明前"]),
        ("釉", ["月白"]),
        ("jixu", ["月白"]),
        ("yuebaiyou", ["月白"]),
        ("yuebaiyoushouzuo", ["月白"]),
        ("ybysz", ["月白"]),
        ("longjing", ["明前"]),
        ("LONGJING tea", ["明前"]),
        ("longj", ["明前"]),
        ("480 ml", ["月白"]),
        ("480ML", ["月白"]),
        ("KY-480", ["月白"]),
        ("4006381333931", ["月白"]),
        ("断水", ["月白"]),
        ("完全没有的东西呀", []),
        ("龍", []),
    ],
)
def test_words_find(shelf, text, hits):
    assert found(text) == hits


def test_numbers_printed_on_books_find_with_and_without_dashes(shelf):
    number = {"publication_number": "ISBN 978-7-5321-9999-8"}
    answers = {**complete_attributes(the_schema("books-media")), **number}
    a_listing(merchant=shelf["pot"].merchant, category="books-media", title="茶经", attributes=answers)
    assert found("978-7-5321-9999-8") == ["茶经"]
    assert found("9787532199998") == ["茶经"]


def test_shop_names_find_everything_of_the_shop(shelf):
    assert len(found("山止器物")) == 3
    assert len(found("shanzhi")) == 3


@pytest.mark.parametrize(
    ("text", "hits"), [("月白急须", ["月白"]), ("longjign", ["明前"]), ("防频闪灯泡", ["防频"])]
)
def test_slips_of_the_pen_still_find(shelf, text, hits):
    assert found(text) == hits


@pytest.mark.parametrize(
    "text",
    ["' | '1'='1", "!急须", "急须 & | !", "<->", ":*", "\\", "'''", "%_", "\x00急", "急" * 300, "a" * 300],
)
def test_operators_and_long_words_do_no_harm(shelf, text):
    assert isinstance(found(text), list)


def test_a_query_is_cut_to_a_size_that_is_answered():
    assert len(search_text.strict("月白釉手作横手急须" * 40)) < 400


class TestFacets:
    def test_price_return_stock_and_grade(self, shelf):
        assert found(**{"from": "80", "to": "100"}) == ["防频"]
        assert "明前" not in found(**{"return": "7"})
        stock.count(variant_id=shelf["lamp"].pk, on_hand=0, actor=_nobody(), at=LISTED)
        assert "防频" not in found(stock="1")
        assert found(grade="A") == []
        _grade(shelf["pot"].merchant, "A", 930)
        assert len(found(grade="A")) == 3

    def test_nonsense_counts_as_not_asked(self, shelf):
        assert len(found(**{"from": "abc", "to": "-1", "grade": "Z", "sort": "drop", "return": "x"})) == 3

    def test_counts_stand_beside_the_facets(self, shelf):
        counts = find(Wish.read({}), at=LISTED).counts
        assert (counts["total"], counts["shops"], counts["new_shops"], counts["in_stock"]) == (3, 1, 3, 3)
        assert (counts["cheapest"], counts["dearest"]) == (3900, 12800)


class TestOrder:
    def test_sorts(self, shelf):
        assert found(sort="price") == ["月白", "防频", "明前"]
        stock.reserve(lines=[(shelf["tea"].pk, 4)], reference=shelf["tea"].pk, expires_at=LISTED, at=LISTED)
        stock.commit(reference=shelf["tea"].pk, at=LISTED)
        assert found(sort="sold")[0] == "明前"

    def test_standard_order_puts_credit_up_and_sold_out_down(self, shelf):
        better = a_merchant(display_name="好店")
        _grade(better, "A", 990)
        a_listing(merchant=better, title="白瓷杯")
        assert found()[0] == "白瓷"
        stock.count(variant_id=shelf["pot"].pk, on_hand=0, actor=_nobody(), at=LISTED)
        assert found()[-1] == "月白"

    def test_title_hits_come_before_description_hits(self, shelf):
        a_listing(merchant=shelf["pot"].merchant, title="竹茶盘", description={"zh-hans": "可放急须一把"})
        assert found("急须") == ["月白", "竹茶"]


def test_suspended_shops_are_off_the_shelf(shelf):
    merchant = shelf["pot"].merchant
    standing.suspend(merchant_id=merchant.pk, reason="证照过期", rule_id="cn.x", actor=_nobody(), at=LISTED)
    assert found() == []


def test_a_shelf_costs_two_statements(shelf):
    with CaptureQueriesContext(
        connection,
    ) as taken:
        wish = find(Wish.read({"q": "急须"}), at=LISTED)
        assert wish.count() == 1
        assert len(wish[0:24]) == 1
    assert len(taken) == 2


def _nobody():
    from kernel.actor import Actor

    return Actor.system()


def _grade(merchant, letter, permille):
    standing.write_effects(
        merchant_id=merchant.pk,
        grade=letter,
        score_permille=permille,
        payout_delay_days=0,
        rule_id="credit.v1",
        at=LISTED,
    )

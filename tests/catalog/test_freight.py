"""What sending costs: by piece, by weight, by place; together or apart; never a made-up sum."""

import pytest
from django.utils.translation import override

from catalog.freight import (
    FreightRefused,
    PlaceServedAndNot,
    PlaceTwice,
    Sent,
    Terms,
    Zone,
    checked_never,
    checked_zones,
    of_order,
)
from web.errors import sentence

EAST = Zone(frozenset({"CN-ZJ", "CN-SH"}), 1, 600, 1, 200, free_from_minor=9900)
WEST = Zone(frozenset({"CN-XZ", "CN-XJ"}), 1, 2000, 1, 1500)
BY_PIECE = Terms("a", "piece", (EAST, WEST))
BY_WEIGHT = Terms("b", "weight", (Zone(frozenset({"CN-ZJ"}), 1000, 800, 500, 300),))


def sent(terms, pieces=1, grams=0, goods=1000, flat=0):
    return Sent(terms, flat, pieces, grams, goods)


class TestOneLine:
    @pytest.mark.parametrize(("pieces", "cost"), [(1, 600), (2, 800), (5, 1400)])
    def test_the_first_piece_then_each_further_one(self, pieces, cost):
        assert of_order([sent(BY_PIECE, pieces)], "CN-ZJ") == [cost]

    @pytest.mark.parametrize(
        ("grams", "pieces", "cost"), [(1000, 1, 800), (1001, 1, 1100), (500, 3, 1100), (501, 3, 1400)]
    )
    def test_a_begun_further_weight_counts_whole(self, grams, pieces, cost):
        assert of_order([sent(BY_WEIGHT, pieces, grams)], "CN-ZJ") == [cost]

    @pytest.mark.parametrize(("goods", "cost"), [(9899, 600), (9900, 0)])
    def test_free_from_a_sum_of_goods(self, goods, cost):
        assert of_order([sent(BY_PIECE, goods=goods)], "CN-SH") == [cost]

    def test_not_sent_where_no_row_names_the_place(self):
        assert of_order([sent(BY_PIECE)], "CN-BJ") == [None]

    def test_while_no_place_is_chosen_the_dearest_is_said(self):
        assert of_order([sent(BY_PIECE, 2)], "") == [3500]

    @pytest.mark.parametrize(("place", "cost"), [("", 500), ("CN-XZ", 500), ("CN-HK", None)])
    def test_a_fixed_freight_holds_for_the_mainland_whatever_the_number(self, place, cost):
        assert of_order([sent(None, 3, flat=500)], place) == [cost]


class TestSeveralLines:
    def test_one_template_pays_the_first_unit_once_and_splits_it_to_the_last_fen(self):
        parts = of_order([sent(BY_PIECE, 1), sent(BY_PIECE, 2)], "CN-ZJ")
        assert parts == [333, 667]
        assert sum(parts) == 600 + 2 * 200

    def test_the_goods_of_one_template_reach_the_free_sum_together(self):
        assert of_order([sent(BY_PIECE, goods=5000), sent(BY_PIECE, goods=4900)], "CN-ZJ") == [0, 0]

    def test_different_templates_and_fixed_freights_travel_apart(self):
        lines = [sent(BY_PIECE), sent(BY_WEIGHT, 1, 400), sent(None, flat=150)]
        assert of_order(lines, "CN-ZJ") == [600, 800, 150]

    def test_of_two_versions_of_a_template_the_dearest_holds(self):
        older = Terms("a", "piece", (Zone(frozenset({"CN-ZJ"}), 1, 500, 1, 100),))
        assert sum(of_order([sent(BY_PIECE), sent(older)], "CN-ZJ")) == 800


class TestWhatIsWritten:
    ROW = {"places": ["CN-ZJ"], "first": 1, "first_minor": 600, "further": 1, "further_minor": 0}

    def test_keeps_one_shape(self):
        assert checked_zones([self.ROW]) == [{**self.ROW, "free_from_minor": None}]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"places": []},
            {"places": ["CN-QQ"]},
            {"first": 0},
            {"first": True},
            {"further": 0},
            {"first_minor": -1},
            {"further_minor": 1.5},
            {"free_from_minor": 0},
        ],
    )
    def test_refuses_what_is_no_freight(self, wrong):
        with pytest.raises(FreightRefused):
            checked_zones([{**self.ROW, **wrong}])

    def test_refuses_no_row_at_all(self):
        with pytest.raises(FreightRefused):
            checked_zones([])

    def test_refuses_a_place_in_two_rows(self):
        with pytest.raises(PlaceTwice):
            checked_zones([self.ROW, self.ROW])

    def test_a_whole_region_is_all_that_no_row_names_and_never_doesn_t(self):
        rows = [{**self.ROW, "places": ["region:oceania", "region:america"]}, {**self.ROW, "places": ["NZ"]}]
        zones = checked_zones(rows, never=checked_never(["US"]))
        assert [zone["places"] for zone in zones] == [["AU", "CA"], ["NZ"]]

    def test_refuses_a_place_that_is_served_and_not(self):
        with pytest.raises(PlaceServedAndNot) as refused:
            checked_zones([self.ROW], never=["CN-ZJ"])
        assert refused.value.params["field"] == "z0-places"

    @pytest.mark.parametrize("wrong", ["XX", "region:moon", "cn-zj"])
    def test_refuses_a_place_that_there_isn_t(self, wrong):
        with pytest.raises(FreightRefused):
            checked_zones([{**self.ROW, "places": [wrong]}])
        if not wrong.startswith("region:"):
            with pytest.raises(FreightRefused):
                checked_never([wrong])

    @pytest.mark.parametrize(
        ("language", "said"), [("zh-hans", "浙江"), ("zh-hant", "浙江"), ("en", "Zhejiang")], ids=str
    )
    def test_names_the_place_in_the_reader_s_language(self, language, said):
        with pytest.raises(PlaceTwice) as refused:
            checked_zones([self.ROW, self.ROW])
        with override(language):
            assert said in sentence(refused.value)

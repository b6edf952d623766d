"""What may be asked for faulty goods, day by day; the arithmetic of the warranty."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from law.aftercare import Bought, Kind, Repair, days_in_repair, remedies, repairs_spent, warranty_last_day
from tests.law.packs import calendar, china, pack

DELIVERED = china(2026, 6, 10, 10)
PHONE = Bought("electronics", china(2026, 6, 8), DELIVERED, warranty_days=365)
TEAPOT = Bought("home", china(2026, 6, 8), DELIVERED)


def open_on(bought: Bought, at: datetime) -> dict[str, str]:
    """Remedy → rule."""
    found = remedies(bought, pack=pack(), calendar=calendar(), at=at)
    return {str(one.kind): one.rule_id for one in found}


def after(days: int) -> datetime:
    return DELIVERED + timedelta(days=days)


class TestWindows:
    @pytest.mark.parametrize(
        ("days", "kinds"),
        [
            (0, ["exchange", "refund", "repair"]),
            (7, ["exchange", "refund", "repair"]),
            (8, ["exchange", "repair"]),
            (15, ["exchange", "repair"]),
            (16, ["repair"]),
            (365, ["repair"]),
            (366, []),
        ],
        ids=str,
    )
    def test_a_phone_under_the_three_guarantees(self, days: int, kinds: list[str]) -> None:
        assert sorted(open_on(PHONE, after(days))) == kinds

    def test_each_is_kept_open_by_its_rule(self) -> None:
        assert open_on(PHONE, after(1)) == {
            "refund": "cn.quality.return",
            "exchange": "cn.three_guarantees.exchange",
            "repair": "cn.warranty.whole_unit",
        }

    def test_other_goods_without_a_warranty_are_exchanged_and_not_repaired(self) -> None:
        assert open_on(TEAPOT, after(1)) == {
            "refund": "cn.quality.return",
            "exchange": "cn.hidden_defect.longstop",
        }
        assert open_on(TEAPOT, after(800)) == {}

    @pytest.mark.parametrize(
        ("keeps", "open_for"),
        [(0, 733), (30, 30), (540, 540), (900, 733)],
        ids=["unsaid", "30", "540", "900"],
    )
    def test_food_is_exchanged_for_as_long_as_it_keeps(self, keeps: int, open_for: int) -> None:
        tea = replace(TEAPOT, category="food", keeps_days=keeps)
        assert "exchange" in open_on(tea, after(open_for))
        assert open_on(tea, after(open_for + 1)) == {}

    def test_what_keeps_for_three_days_still_goes_back_for_seven(self) -> None:
        berries = replace(TEAPOT, category="fresh", keeps_days=3)
        assert open_on(berries, after(6)) == {
            "refund": "cn.quality.return",
            "exchange": "cn.quality.return",
        }
        assert open_on(berries, after(8)) == {}

    def test_a_sellers_own_warranty_is_kept_as_promised(self) -> None:
        kettle = replace(TEAPOT, warranty_days=900)
        assert open_on(kettle, after(850)) == {"repair": "promise.warranty"}

    def test_the_seller_pays_the_freight(self) -> None:
        found = remedies(PHONE, pack=pack(), calendar=calendar(), at=after(1))
        assert {one.payer for one in found} == {"trader"}


class TestWarranty:
    def test_runs_from_delivery_and_is_never_shorter_than_the_floor(self) -> None:
        assert warranty_last_day(PHONE, pack=pack()) == date(2027, 6, 10)
        assert warranty_last_day(replace(PHONE, warranty_days=0), pack=pack()) == date(2027, 6, 10)
        assert warranty_last_day(TEAPOT, pack=pack()) is None

    def test_days_in_repair_are_added(self) -> None:
        # 1 to 13 July are 12 days, 1 August and back on the same day counts as 1: 10 June + 13 = 23 June.
        repairs = (
            Repair(china(2026, 7, 1), china(2026, 7, 13)),
            Repair(china(2026, 8, 1, 9), china(2026, 8, 1, 18)),
        )
        assert days_in_repair(repairs, zone="Asia/Shanghai") == 13
        assert warranty_last_day(replace(PHONE, repairs=repairs), pack=pack()) == date(2027, 6, 23)

    def test_a_replacement_starts_it_afresh_and_forgets_what_was_repaired_before(self) -> None:
        repairs = (Repair(china(2026, 7, 1), china(2026, 7, 13)),)
        found = replace(PHONE, repairs=repairs, replaced_at=china(2026, 9, 1))
        assert warranty_last_day(found, pack=pack()) == date(2027, 9, 1)


class TestRepairCount:
    @pytest.mark.parametrize(("done", "spent"), [(0, False), (1, False), (2, True), (3, True)], ids=str)
    def test_two_repairs_of_one_fault_open_the_exchange(self, done: int, spent: bool) -> None:
        bought = replace(PHONE, same_fault=done)
        assert repairs_spent(bought, pack=pack()) is spent
        assert (str(Kind.EXCHANGE) in open_on(bought, after(100))) is spent

    def test_so_does_one_that_took_too_long(self) -> None:
        assert open_on(replace(PHONE, taken_too_long=True), after(100))["exchange"] == (
            "cn.three_guarantees.repairs"
        )

    def test_nothing_opens_once_the_warranty_is_over(self) -> None:
        assert open_on(replace(PHONE, same_fault=5), after(366)) == {}


def test_other_places_keep_their_own_guarantee() -> None:
    law = pack("eu").at_place("DE")
    found = remedies(TEAPOT, pack=law, calendar=calendar("de"), at=after(700))
    assert {str(one.kind): one.rule_id for one in found} == {
        "exchange": "eu.guarantee",
        "repair": "eu.guarantee",
    }

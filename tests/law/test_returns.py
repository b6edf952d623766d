from dataclasses import replace
from datetime import date

import pytest

from kernel.money import Money
from law.errors import PlaceMismatch, RoleUnfilled, RuleNotInForce, RuleWithoutClock, UnknownRule
from law.returns import (
    ListingFacts,
    delivery_back,
    exclusion_holds,
    quality_window,
    refund_breach_line,
    refund_window,
    return_window,
)
from law.windows import lookback, window
from tests.law.packs import calendar, china, pack

NOW = china(2026, 11, 21)


def window_of(delivered_at, **options):
    return return_window(pack=pack(), calendar=calendar(), delivered_at=delivered_at, **options)


class TestReturnWindow:
    def test_signed_on_23_september_it_runs_to_the_30th_and_keeps_its_sources(self):
        """23 + 7 = 30 September 2026, a Wednesday."""
        found = window_of(china(2026, 9, 23, 14))
        assert found.last_day == date(2026, 9, 30)
        assert found.due_at == china(2026, 10, 1)
        assert found.rule_id == "cn.return.window"
        assert found.owner == "buyer"
        assert found.inputs == {
            "trigger": "delivered", "start": "2026-09-23T06:00:00+00:00", "n": 7, "unit": "d",
            "zone": "Asia/Shanghai", "first_day_counts": False, "roll": True,
        }  # fmt: skip

    def test_acting_a_microsecond_before_the_end_is_in_time_and_at_the_end_late(self):
        found = window_of(china(2026, 9, 23, 14))
        assert not found.is_late(china(2026, 9, 30, 23, 59))
        assert found.is_late(china(2026, 10, 1))

    def test_it_rolls_over_national_day(self):
        """25 + 7 = 2 October, off until the 7th."""
        assert window_of(china(2026, 9, 25)).last_day == date(2026, 10, 8)

    def test_signed_on_26_december_it_is_provisional(self):
        """26 + 7 = Saturday 2 January 2027; Monday is the 4th."""
        found = window_of(china(2026, 12, 26, 14))
        assert (found.last_day, found.provisional) == (date(2027, 1, 4), True)

    def test_a_longer_promise_wins_and_says_so(self):
        """2 + 14 = Monday 16 November."""
        found = window_of(china(2026, 11, 2), promised_days=14)
        assert found.last_day == date(2026, 11, 16)
        assert found.rule_id == "promise.return.days"
        assert found.inputs["law"] == "cn.return.window"

    @pytest.mark.parametrize("days", [-5, 0, 1, 7])
    def test_a_promise_that_is_not_longer_changes_nothing(self, days):
        assert window_of(china(2026, 11, 2), promised_days=days) == window_of(china(2026, 11, 2))

    def test_before_the_rule_was_in_force_it_is_refused_not_guessed(self):
        with pytest.raises(RuleNotInForce):
            window_of(china(2016, 5, 1))

    def test_a_foreign_calendar_is_refused(self):
        foreign = replace(calendar(), place="DE")
        with pytest.raises(PlaceMismatch):
            return_window(pack=pack(), calendar=foreign, delivered_at=NOW)

    def test_a_place_without_the_right_says_so(self):
        lawless = replace(pack(), roles={})
        with pytest.raises(RoleUnfilled, match="return_window"):
            return_window(pack=lawless, calendar=calendar(), delivered_at=NOW)


class TestOtherClocks:
    def test_the_refund_is_due_7_days_after_the_goods_are_back(self):
        """Mon 2 + 7 = Mon 9 November."""
        found = refund_window(pack=pack(), calendar=calendar(), goods_back_at=china(2026, 11, 2))
        assert (found.last_day, found.owner) == (date(2026, 11, 9), "merchant")

    def test_the_breach_line_is_day_15_and_does_not_roll(self):
        """6 + 15 = Saturday 21 November."""
        found = refund_breach_line(pack=pack(), calendar=calendar(), goods_back_at=china(2026, 11, 6))
        assert found.last_day == date(2026, 11, 21)

    def test_faulty_goods_go_back_within_7_days_at_the_traders_cost(self):
        found = quality_window(pack=pack(), calendar=calendar(), delivered_at=china(2026, 11, 2))
        assert found.last_day == date(2026, 11, 9)
        assert pack().rule("cn.quality.return", NOW).payer == "trader"

    def test_a_rule_without_a_clock_has_no_window(self):
        with pytest.raises(RuleWithoutClock):
            window(pack=pack(), calendar=calendar(), rule_id="cn.fraud", start=NOW)

    def test_an_unknown_rule_is_named(self):
        with pytest.raises(UnknownRule, match=r"cn\.nothing"):
            window(pack=pack(), calendar=calendar(), rule_id="cn.nothing", start=NOW)

    def test_a_backward_rule_looks_back_and_not_forward(self):
        """21 - 7 = 14 November."""
        assert lookback(pack=pack(), rule_id="cn.price.reference", at=NOW) == (china(2026, 11, 14), NOW)
        with pytest.raises(RuleWithoutClock):
            window(pack=pack(), calendar=calendar(), rule_id="cn.price.reference", start=NOW)


class TestExclusion:
    @pytest.mark.parametrize(
        ("facts", "refusable"),
        [
            (ListingFacts("food"), False),
            (ListingFacts("food", "confirm", "opening_affects_safety"), False),
            (ListingFacts("food", "confirm", "opening_affects_safety", confirmed=True), True),
            (ListingFacts("food", "confirm", confirmed=True), True),
            (ListingFacts("food", "never", "fresh"), True),
            # A bare claim is no ground, nor one that fits other goods, nor one that law doesn't know.
            (ListingFacts("food", "never"), False),
            (ListingFacts("textiles", "never", "fresh"), False),
            (ListingFacts("textiles", "never", "because"), False),
            # Calling confirm-goods never-goods doesn't spare the confirmation.
            (ListingFacts("cosmetics", "never", "opening_affects_safety"), False),
            (ListingFacts("custom-made", "never"), True),
            (ListingFacts("custom-made", "never", "custom_made"), True),
            (ListingFacts("custom-made"), False),
            (ListingFacts("home", made_to_order=True), True),
            (ListingFacts("digital", "never", "digital_opened"), True),
            (ListingFacts("books-media", "never", "periodical"), True),
            (ListingFacts("electronics", "confirm", "activation", confirmed=True), True),
            (ListingFacts("electronics", None, "activation", confirmed=True), False),
        ],
    )
    def test_a_return_may_be_refused_only_on_a_lawful_ground(self, facts, refusable):
        assert exclusion_holds(pack=pack(), facts=facts, at=NOW) is refusable


class TestDeliveryBack:
    """The EU and the UK give the standard price back, China leaves it to a promise."""

    @pytest.mark.parametrize(
        ("place", "paid", "standard", "back"),
        [
            # express 15.00 where standard was 4.90: the difference is the shopper's choice
            ("eu", 1500, 490, 490),
            ("uk", 1500, 490, 490),
            # standard was paid in full; and a free standard way gives nothing back for express
            ("eu", 490, 490, 490),
            ("eu", 1500, 0, 0),
            ("cn", 1500, 490, 0),
        ],
    )
    def test_standard_goes_back_and_express_does_not(self, place, paid, standard, back):
        at = china(2026, 11, 21)
        found = delivery_back(pack=pack(place), paid=Money(paid), standard=Money(standard), at=at)
        assert found == Money(back)

"""How high a crossed-out price may be: exact cases at the edges of each law's period, and what never is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from law.errors import NaiveInstant
from law.pricing import Asked, Basis, Deal, permitted_reference
from law.rules import Confidence
from tests.law.packs import SHANGHAI, china, pack

NOW = china(2026, 11, 21, 10)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PARIS = ZoneInfo("Europe/Paris")


def yuan(text):
    return Money.parse(text)


def deal(at, price):
    return Deal(at, yuan(price))


def asked(since, price):
    return Asked(since, yuan(price))


class TestChina:
    """Order 56 art 16: the lowest deal in [t - 7 d, t), else the last one before."""

    def ceiling(self, *deals, asked=(), at=NOW):
        return permitted_reference(pack=pack(), deals=deals, asked=asked, at=at)

    def test_the_lowest_deal_of_the_seven_days_before(self):
        found = self.ceiling(deal(NOW - 6 * DAY, "99.00"), deal(NOW - DAY, "95.00"))
        assert (found.ceiling, found.basis, found.counted) == (yuan("95.00"), Basis.LOWEST_DEAL, 2)
        assert (found.rule_id, found.price_at) == ("cn.price.reference", NOW - DAY)
        assert (found.since, found.until) == (NOW - 7 * DAY, NOW)
        assert found.confidence is Confidence.CONFIRMED

    @pytest.mark.parametrize(
        ("at", "ceiling"),
        [
            (NOW - 7 * DAY - SECOND, "99.00"),  # a second before the period
            (NOW - 7 * DAY, "10.00"),  # its first second
            (NOW - SECOND, "10.00"),  # its last second
            (NOW, "99.00"),  # already at the reduced price
        ],
    )
    def test_the_first_and_the_last_second_count(self, at, ceiling):
        assert self.ceiling(deal(NOW - 3 * DAY, "99.00"), deal(at, "10.00")).ceiling == yuan(ceiling)

    def test_days_are_of_24_hours_whatever_the_clock_on_the_wall(self):
        midnight = china(2026, 11, 21)
        found = self.ceiling(deal(china(2026, 11, 13, 23, 59), "1.00"), at=midnight)
        assert found.basis is Basis.LAST_DEAL
        assert found.since == china(2026, 11, 14).astimezone(SHANGHAI)

    def test_without_a_deal_in_the_period_the_last_one_before(self):
        found = self.ceiling(deal(NOW - 30 * DAY, "80.00"), deal(NOW - 12 * DAY, "88.00"))
        assert (found.ceiling, found.basis, found.counted) == (yuan("88.00"), Basis.LAST_DEAL, 0)

    def test_what_was_never_sold_may_have_no_reference_price(self):
        found = self.ceiling(asked=[asked(NOW - 20 * DAY, "99.00")])
        assert (found.ceiling, found.basis) == (None, Basis.NO_DEAL)
        assert not found.allows(yuan("0.01"))

    def test_raised_the_day_before_and_sold_once_at_that_price(self):
        history = [asked(NOW - 90 * DAY, "50.00"), asked(NOW - DAY, "100.00")]
        found = self.ceiling(deal(NOW - 20 * DAY, "50.00"), deal(NOW - DAY, "100.00"), asked=history)
        assert (found.ceiling, found.basis) == (yuan("50.00"), Basis.BEFORE_RAISE)
        assert (found.rule_id, found.confidence) == ("cn.price.raise_then_cut", Confidence.INFERRED)

    def test_raised_longer_ago_than_the_period_is_the_price_of_today(self):
        history = [asked(NOW - 90 * DAY, "50.00"), asked(NOW - 7 * DAY, "100.00")]
        assert self.ceiling(deal(NOW - DAY, "100.00"), asked=history).ceiling == yuan("100.00")

    def test_raised_a_second_into_the_period_is_not(self):
        history = [asked(NOW - 90 * DAY, "50.00"), asked(NOW - 7 * DAY + SECOND, "100.00")]
        assert self.ceiling(deal(NOW - DAY, "100.00"), asked=history).ceiling == yuan("50.00")

    def test_a_price_that_only_fell_is_no_raise(self):
        history = [asked(NOW - 90 * DAY, "100.00"), asked(NOW - 2 * DAY, "90.00")]
        found = self.ceiling(deal(NOW - 5 * DAY, "100.00"), asked=history)
        assert (found.ceiling, found.basis) == (yuan("100.00"), Basis.LOWEST_DEAL)

    def test_deeper_step_by_step_starts_a_new_period(self):
        deals = [deal(NOW - 5 * DAY, "100.00"), deal(NOW - DAY, "80.00")]
        found = permitted_reference(pack=pack(), deals=deals, at=NOW, began=NOW - 3 * DAY)
        assert found.ceiling == yuan("80.00")


class TestEurope:
    """PID art 6a: the lowest price asked in the 30 days before; sales don't matter."""

    at = datetime(2026, 11, 27, 9, tzinfo=PARIS)

    def found(self, *steps, **facts):
        return permitted_reference(pack=pack("eu").at_place("FR"), asked=steps, at=self.at, **facts)

    def test_the_lowest_price_asked_counts_and_deals_do_not(self):
        steps = (asked(self.at - 60 * DAY, "99.00"), asked(self.at - 10 * DAY, "89.00"))
        found = self.found(*steps, deals=[deal(self.at - DAY, "20.00")])
        assert (found.ceiling, found.basis) == (yuan("89.00"), Basis.LOWEST_ASKED)
        assert (found.rule_id, found.price_at) == ("eu.price.reference", self.at - 10 * DAY)

    @pytest.mark.parametrize(
        ("raised", "ceiling"),
        [(timedelta(0), "99.00"), (SECOND, "50.00")],  # asked until the period began; a second into it
    )
    def test_the_price_in_force_when_the_period_begins(self, raised, ceiling):
        steps = (asked(self.at - 90 * DAY, "50.00"), asked(self.at - 30 * DAY + raised, "99.00"))
        assert self.found(*steps).ceiling == yuan(ceiling)

    def test_raised_the_day_before(self):
        assert self.found(asked(self.at - 90 * DAY, "50.00"), asked(self.at - DAY, "100.00")).ceiling == yuan(
            "50.00"
        )

    def test_cuts_made_deeper_without_a_break_count_from_the_first(self):
        steps = (
            asked(self.at - 90 * DAY, "100.00"),
            asked(self.at - 14 * DAY, "80.00"),
            asked(self.at - 7 * DAY, "60.00"),
        )
        assert self.found(*steps, began=self.at - 14 * DAY).ceiling == yuan("100.00")
        assert self.found(*steps).ceiling == yuan("60.00")

    def test_new_goods_since_they_are_on_sale(self):
        assert self.found(asked(self.at - 10 * DAY, "70.00")).ceiling == yuan("70.00")

    def test_goods_that_spoil_from_the_last_price(self):
        steps = (asked(self.at - 20 * DAY, "2.00"), asked(self.at - 2 * DAY, "5.00"))
        spoiling = self.found(*steps, perishable=True)
        assert (spoiling.ceiling, spoiling.basis) == (yuan("5.00"), Basis.LAST_ASKED)
        assert self.found(*steps).ceiling == yuan("2.00")

    def test_what_was_never_asked_has_none(self):
        assert self.found(asked(self.at, "5.00")).basis is Basis.NEVER_ASKED


@pytest.mark.parametrize("place", ["uk", "us", "jp", "kr", "tw", "hk"])
def test_where_a_law_has_no_rule_nothing_is_permitted(place):
    found = permitted_reference(pack=pack(place), deals=[deal(NOW - DAY, "9.00")], at=NOW)
    assert (found.ceiling, found.basis, found.rule_id) == (None, Basis.NO_RULE, "")


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(NaiveInstant):
        permitted_reference(pack=pack(), at=datetime(2026, 11, 21))  # noqa: DTZ001


SECONDS = st.integers(-40 * 86_400, 5 * 86_400)
STEPS = st.lists(st.tuples(SECONDS, st.integers(1, 10_000)), max_size=12)


@given(deals=STEPS, prices=STEPS, place=st.sampled_from(["cn", "eu"]), new=st.integers(1, 20_000))
def test_one_more_deal_or_price_in_the_period_never_lets_more_be_shown(deals, prices, place, new):
    """Whatever happened, the ceiling is at most the lowest deal (or price) that counts."""
    paid = [Deal(NOW + timedelta(seconds=s), Money(m)) for s, m in deals]
    steps = [Asked(NOW + timedelta(seconds=s), Money(m)) for s, m in prices]
    law = pack(place)
    before = permitted_reference(pack=law, deals=paid, asked=steps, at=NOW)
    if place == "cn":
        after = permitted_reference(
            pack=law, deals=[*paid, Deal(NOW - SECOND, Money(new))], asked=steps, at=NOW
        )
        assert after.ceiling is not None
        assert after.ceiling.minor <= new
    else:
        after = permitted_reference(
            pack=law, deals=paid, asked=[*steps, Asked(NOW - SECOND, Money(new))], at=NOW
        )
        assert after.ceiling is not None
        assert after.ceiling.minor <= new
    lowest = [each.price.minor for each in paid if NOW - 7 * DAY <= each.at < NOW]
    if place == "cn" and lowest:
        assert before.ceiling is not None
        assert before.ceiling.minor <= min(lowest)

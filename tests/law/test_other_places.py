"""Windows of other places, with the facts that move them. Each example states its arithmetic."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from law.errors import ContradictoryFacts, UnknownRule
from law.facts import Facts, due
from law.returns import ListingFacts, exclusion_holds
from law.rights import rights_for
from tests.law.packs import calendar, pack

ZONES = {
    "DE": "Europe/Berlin", "IE": "Europe/Dublin", "UK": "Europe/London", "TW": "Asia/Taipei",
    "KR": "Asia/Seoul", "JP": "Asia/Tokyo", "US": "America/New_York", "HK": "Asia/Hong_Kong",
}  # fmt: skip


def law_of(place):
    found = pack("eu" if place in ("DE", "IE", "FR") else place.lower())
    return found.at_place(place)


def local(place, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(ZONES[place]))


def end(place, rule, start, **facts):
    return due(
        pack=law_of(place), calendar=calendar(place.lower()), rule_id=rule, facts=Facts(start, **facts)
    )


class TestEuropeanUnion:
    def test_fourteen_days_from_delivery(self):
        """Mon 2 + 14 = Mon 16 November."""
        found = end("DE", "eu.withdrawal.window", local("DE", 2026, 11, 2, 10))
        assert found.last_day == date(2026, 11, 16)
        assert found.due_at == datetime(2026, 11, 16, 23, tzinfo=UTC)

    def test_over_the_change_to_winter_time_it_still_ends_at_midnight(self):
        """12 + 14 = Mon 26 October; summer time ended on the 25th, so 24:00 is 23:00 UTC."""
        found = end("DE", "eu.withdrawal.window", local("DE", 2026, 10, 12, 10))
        assert found.due_at == datetime(2026, 10, 26, 23, tzinfo=UTC)

    def test_it_rolls_over_christmas(self):
        """11 + 14 = Fri 25 December, a holiday; 26 too, 27 is Sunday; Monday is the 28th."""
        assert end("DE", "eu.withdrawal.window", local("DE", 2026, 12, 11)).last_day == date(2026, 12, 28)

    def test_the_consumers_own_calendar_counts(self):
        """2026-10-26 (Mon) is a holiday in Ireland only: 12 + 14 = 26, then 27 October."""
        assert end("IE", "eu.withdrawal.window", local("IE", 2026, 10, 12)).last_day == date(2026, 10, 27)
        assert end("DE", "eu.withdrawal.window", local("DE", 2026, 10, 12)).last_day == date(2026, 10, 26)

    def test_several_parcels_count_from_the_last(self):
        """4 + 14 = Wed 18 November."""
        found = end(
            "DE",
            "eu.withdrawal.window",
            local("DE", 2026, 11, 2),
            parcels=(local("DE", 2026, 11, 4), local("DE", 2026, 11, 3)),
        )
        assert found.last_day == date(2026, 11, 18)

    def test_never_told_it_lasts_twelve_months_longer(self):
        """Mon 16 November 2026 + 12 months = Tue 16 November 2027."""
        found = end("DE", "eu.withdrawal.window", local("DE", 2026, 11, 2), never_informed=True)
        assert found.last_day == date(2027, 11, 16)
        assert found.inputs["informed"] == "never"

    def test_told_late_it_ends_fourteen_days_after(self):
        """Mon 1 March + 14 = Mon 15 March 2027."""
        found = end("DE", "eu.withdrawal.window", local("DE", 2026, 11, 2), informed=local("DE", 2027, 3, 1))
        assert found.last_day == date(2027, 3, 15)

    def test_told_in_time_nothing_changes(self):
        start = local("DE", 2026, 11, 2)
        assert end("DE", "eu.withdrawal.window", start, informed=local("DE", 2026, 10, 1)).last_day == date(
            2026, 11, 16
        )

    def test_told_after_it_was_over_anyway_opens_nothing_again(self):
        found = end("DE", "eu.withdrawal.window", local("DE", 2026, 11, 2), informed=local("DE", 2028, 3, 1))
        assert found.last_day == date(2027, 11, 16)

    def test_the_refund_is_due_fourteen_days_after_the_notice(self):
        """Wed 4 + 14 = Wed 18 November."""
        found = end("DE", "eu.withdrawal.refund", local("DE", 2026, 11, 2), notice=local("DE", 2026, 11, 4))
        assert found.last_day == date(2026, 11, 18)

    def test_it_may_wait_for_the_earlier_of_goods_and_proof(self):
        """Proof on the 20th, goods on the 25th: the 20th; both before the 18th: the 18th stays."""
        start, notice = local("DE", 2026, 11, 2), local("DE", 2026, 11, 4)
        late = end(
            "DE", "eu.withdrawal.refund", start, notice=notice,
            proof=local("DE", 2026, 11, 20), goods_back=local("DE", 2026, 11, 25),
        )  # fmt: skip
        early = end("DE", "eu.withdrawal.refund", start, notice=notice, proof=local("DE", 2026, 11, 5))
        assert (late.last_day, early.last_day) == (date(2026, 11, 20), date(2026, 11, 18))

    def test_a_data_request_of_31_january_is_due_with_february(self):
        """31 January + 1 month = Sun 28 February 2027, so Mon 1 March."""
        assert end("DE", "gdpr.request.answer", local("DE", 2027, 1, 31)).last_day == date(2027, 3, 1)

    def test_72_hours_are_hours(self):
        start = local("DE", 2026, 11, 20, 17)
        assert end("DE", "gdpr.breach.notify", start).due_at == local("DE", 2026, 11, 23, 17)

    def test_two_working_days_skip_the_weekend(self):
        """From Fri 20: Mon 23 and Tue 24 November."""
        assert end("DE", "gpsr.order.act", local("DE", 2026, 11, 20)).last_day == date(2026, 11, 24)


class TestUnitedKingdom:
    def test_fourteen_days_do_not_roll(self):
        """7 + 14 = Sat 21 November, and stays there."""
        assert end("UK", "uk.cancellation.window", local("UK", 2026, 11, 7)).last_day == date(2026, 11, 21)

    def test_the_refund_runs_from_the_earlier_of_goods_and_proof(self):
        """Proof on the 3rd: 3 + 14 = 17; goods alone on the 6th: 20 November."""
        start = local("UK", 2026, 11, 2)
        goods = local("UK", 2026, 11, 6)
        both = end("UK", "uk.cancellation.refund", start, proof=local("UK", 2026, 11, 3), goods_back=goods)
        alone = end("UK", "uk.cancellation.refund", start, goods_back=goods)
        assert (both.last_day, alone.last_day) == (date(2026, 11, 17), date(2026, 11, 20))


class TestAsia:
    def test_taiwan_seven_days_roll_over_a_weekend_at_the_traders_cost(self):
        """7 + 7 = Sat 14, so Mon 16 November 2026."""
        found = end("TW", "tw.return.window", local("TW", 2026, 11, 7))
        assert found.last_day == date(2026, 11, 16)
        assert law_of("TW").rule("tw.return.window", local("TW", 2026, 11, 7)).payer == "trader"

    def test_taiwan_never_told_it_ends_four_months_after_receipt(self):
        """2 November + 4 months = Tue 2 March 2027, a year not announced yet."""
        found = end("TW", "tw.return.window", local("TW", 2026, 11, 2), never_informed=True)
        assert (found.last_day, found.provisional) == (date(2027, 3, 2), True)

    def test_korea_refunds_within_three_working_days_of_the_goods(self):
        """Goods on Thu 19: Fri 20, Mon 23, Tue 24 November."""
        start = local("KR", 2026, 11, 10)
        found = end("KR", "kr.withdrawal.refund", start, goods_back=local("KR", 2026, 11, 19))
        assert found.last_day == date(2026, 11, 24)

    def test_japan_counts_the_day_of_receipt_and_does_not_roll(self):
        """14 is day 1, so day 8 is Sat 21 November."""
        assert end("JP", "jp.return.window", local("JP", 2026, 11, 14)).last_day == date(2026, 11, 21)

    def test_hong_kong_gives_no_return_and_says_so(self):
        at = local("HK", 2026, 11, 21)
        rights = rights_for(
            pack=law_of("HK"), calendar=calendar("hk"), facts=ListingFacts("home"), buyer_place="HK",
            seller_place="HK", at=at,
        )  # fmt: skip
        assert [(right.id, right.applies) for right in rights] == [
            ("no_reason_return", False),
            ("escrow", True),
        ]


class TestUnitedStates:
    def test_seven_working_days_skip_thanksgiving(self):
        """From Fri 20 November 2026: 23, 24, 25, 27, 30 November, 1 and 2 December."""
        assert end("US", "us.order.refund", local("US", 2026, 11, 20)).last_day == date(2026, 12, 2)


class TestOpenedGoods:
    def test_a_seal_makes_goods_returnable_until_it_is_broken(self):
        facts = ListingFacts("cosmetics", "never", "opening_affects_safety", confirmed=True)
        at = local("DE", 2026, 11, 2)
        assert not exclusion_holds(pack=law_of("DE"), facts=facts, at=at)
        right = rights_for(
            pack=law_of("DE"),
            calendar=calendar("de"),
            facts=facts,
            buyer_place="DE",
            seller_place="DE",
            at=at,
        )[0]
        assert (right.applies, right.can_do.code) == (True, "return.can_do_unless_opened")


class TestFacts:
    def test_a_rule_of_another_jurisdiction_is_refused(self):
        with pytest.raises(UnknownRule):
            end("DE", "uk.cancellation.window", local("DE", 2026, 11, 2))

    def test_goods_back_before_they_were_sent_is_a_contradiction(self):
        day = local("UK", 2026, 11, 2)
        with pytest.raises(ContradictoryFacts):
            end("UK", "uk.cancellation.refund", day, proof=local("UK", 2026, 11, 9), goods_back=day)

    def test_told_and_never_told_is_a_contradiction(self):
        day = local("DE", 2026, 11, 2)
        with pytest.raises(ContradictoryFacts):
            end("DE", "eu.withdrawal.window", day, informed=day, never_informed=True)

    def test_the_order_of_the_parcels_changes_nothing(self):
        first, second, third = (local("DE", 2026, 11, day) for day in (2, 3, 4))
        one = end("DE", "eu.withdrawal.window", first, parcels=(second, third))
        other = end("DE", "eu.withdrawal.window", first, parcels=(third, second))
        assert one.due_at == other.due_at

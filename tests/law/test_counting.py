from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from law.counting import Length, count, midnight_after
from law.errors import (
    CountTooLong,
    InstantOutOfRange,
    NaiveInstant,
    NegativeCount,
    UnknownUnit,
    UnknownZone,
)
from tests.law.packs import calendar, china

CHINA = "Asia/Shanghai"


def last_day(start: datetime, n: int, unit: str, **options: object) -> date:
    return count(start=start, length=Length(n, unit), calendar=calendar(), zone=CHINA, **options).last_day


class TestDays:
    def test_seven_days_from_wednesday_23_september_end_on_wednesday_30(self):
        """23 + 7 = 30 September, a working day; 24:00 in China is 16:00 UTC."""
        counted = count(start=china(2026, 9, 23, 14), length=Length(7, "d"), calendar=calendar(), zone=CHINA)
        assert counted.last_day == date(2026, 9, 30)
        assert counted.due_at == datetime(2026, 9, 30, 16, tzinfo=UTC)
        assert not counted.provisional

    def test_seven_days_from_24_september_roll_over_national_day_to_8_october(self):
        """24 + 7 = 1 October, off until the 7th; the 8th is a Thursday."""
        assert last_day(china(2026, 9, 24, 9), 7, "d") == date(2026, 10, 8)

    def test_the_end_on_a_saturday_rolls_to_monday(self):
        """14 + 7 = Saturday 21 November; Monday is the 23rd."""
        assert last_day(china(2026, 11, 14), 7, "d") == date(2026, 11, 23)

    def test_a_make_up_saturday_is_a_working_day_and_stops_the_roll(self):
        """3 + 7 = Saturday 10 October 2026, worked in place of a holiday."""
        assert last_day(china(2026, 10, 3), 7, "d") == date(2026, 10, 10)

    def test_the_local_day_counts_not_the_day_in_utc(self):
        """23 September 23:30 UTC is already the 24th in China."""
        assert last_day(datetime(2026, 9, 23, 23, 30, tzinfo=UTC), 7, "d") == date(2026, 10, 8)

    def test_without_rolling_the_end_stays_on_the_rest_day(self):
        assert last_day(china(2026, 11, 14), 7, "d", roll=False) == date(2026, 11, 21)

    def test_a_first_day_that_counts_ends_a_day_earlier(self):
        assert last_day(china(2026, 11, 14), 7, "d", roll=False, first_day_counts=True) == date(2026, 11, 20)


class TestUnannouncedYears:
    def test_windows_into_2027_are_provisional_and_keep_new_year_free(self):
        """25 December + 7 = Friday 1 January, off by statute; Monday is the 4th."""
        counted = count(start=china(2026, 12, 25), length=Length(7, "d"), calendar=calendar(), zone=CHINA)
        assert counted.last_day == date(2027, 1, 4)
        assert counted.provisional

    def test_ninety_days_from_today_reach_2027(self):
        """21 November + 90 = Friday 19 February 2027."""
        counted = count(start=china(2026, 11, 21), length=Length(90, "d"), calendar=calendar(), zone=CHINA)
        assert counted.last_day == date(2027, 2, 19)
        assert counted.provisional

    def test_working_days_that_pass_into_2027_are_provisional(self):
        """Tue 29, Wed 30, Thu 31, then Mon 4 and Tue 5 January."""
        counted = count(start=china(2026, 12, 28), length=Length(5, "wd"), calendar=calendar(), zone=CHINA)
        assert (counted.last_day, counted.provisional) == (date(2027, 1, 5), True)


class TestWorkingDays:
    def test_five_working_days_over_national_day_and_its_make_up_saturday(self):
        """From Wed 30 September: 8, 9, 10 (make-up Saturday), 12, 13 October."""
        assert last_day(china(2026, 9, 30, 10), 5, "wd") == date(2026, 10, 13)

    def test_one_working_day_from_friday_is_monday(self):
        assert last_day(china(2026, 11, 20, 18), 1, "wd") == date(2026, 11, 23)


class TestMonthsAndYears:
    def test_a_month_from_31_january_ends_with_february(self):
        assert last_day(china(2026, 1, 31), 1, "mo", roll=False) == date(2026, 2, 28)

    def test_six_months_from_31_august_2023_end_on_the_leap_day(self):
        assert last_day(china(2023, 8, 31), 6, "mo", roll=False) == date(2024, 2, 29)

    def test_three_years_from_a_leap_day_end_on_28_february(self):
        assert last_day(china(2024, 2, 29), 3, "y", roll=False) == date(2027, 2, 28)


class TestHours:
    def test_forty_eight_hours_run_from_the_instant_and_never_roll(self):
        counted = count(start=china(2026, 11, 20, 9), length=Length(48, "h"), calendar=calendar(), zone=CHINA)
        assert counted.due_at == china(2026, 11, 22, 9)
        assert counted.last_day == date(2026, 11, 22)

    def test_hours_are_real_hours_when_the_clocks_go_back(self):
        """Berlin, 25 October 2026: the night has an hour more."""
        berlin = ZoneInfo("Europe/Berlin")
        start = datetime(2026, 10, 24, 12, tzinfo=berlin)
        counted = count(start=start, length=Length(24, "h"), calendar=calendar(), zone="Europe/Berlin")
        assert counted.due_at == datetime(2026, 10, 25, 10, tzinfo=UTC)
        assert counted.due_at.astimezone(berlin).hour == 11


class TestMidnight:
    def test_where_clocks_jump_over_midnight_the_day_ends_with_the_jump(self):
        """Beirut, 29 March 2026: 00:00 doesn't exist; the 28th ends at 22:00 UTC."""
        assert midnight_after(date(2026, 3, 28), "Asia/Beirut") == datetime(2026, 3, 28, 22, tzinfo=UTC)

    def test_where_midnight_comes_twice_the_first_one_counts(self):
        """Havana, 1 November 2026: 00:00 to 01:00 comes twice; the first is at 04:00 UTC."""
        assert midnight_after(date(2026, 10, 31), "America/Havana") == datetime(2026, 11, 1, 4, tzinfo=UTC)


class TestRefusals:
    def test_an_instant_without_a_zone(self):
        with pytest.raises(NaiveInstant):
            last_day(datetime(2026, 9, 23, 14), 7, "d")  # noqa: DTZ001

    @pytest.mark.parametrize("year", [1, 1989, 2151, 9999])
    def test_years_that_no_calendar_knows(self, year):
        with pytest.raises(InstantOutOfRange):
            last_day(datetime(year, 6, 1, tzinfo=UTC), 7, "d")

    @pytest.mark.parametrize("n", [-1, 1.5, True, "7", None])
    def test_lengths_that_are_no_whole_number_from_0_up(self, n):
        with pytest.raises(NegativeCount):
            Length(n, "d")

    def test_units_nobody_knows(self):
        with pytest.raises(UnknownUnit, match="fortnight"):
            Length(1, "fortnight")

    def test_lengths_beyond_all_law(self):
        with pytest.raises(CountTooLong):
            Length(10**9, "y")

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "a\0b"])
    def test_zones_nobody_knows(self, zone):
        with pytest.raises(UnknownZone):
            count(start=china(2026, 1, 1), length=Length(1, "d"), calendar=calendar(), zone=zone)

    def test_a_length_of_nothing_ends_with_the_day_itself(self):
        assert last_day(china(2026, 11, 20), 0, "d") == date(2026, 11, 20)
        assert count(
            start=china(2026, 11, 20), length=Length(0, "h"), calendar=calendar(), zone=CHINA
        ).due_at - china(2026, 11, 20) == timedelta(0)

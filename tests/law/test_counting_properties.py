"""What must hold for every start, length and calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from law.counting import Length, count
from tests.law.packs import calendar

ZONES = [
    "Asia/Shanghai", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon",
    "Africa/Casablanca", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe",
]  # fmt: skip
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.builds(Length, st.integers(0, 400), st.sampled_from(["d", "mo", "wd"]))
day_lengths = st.builds(Length, st.integers(0, 400), st.sampled_from(["d", "mo"]))
zones = st.sampled_from(ZONES)
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))


@given(instants, day_lengths, zones, st.sets(days, max_size=40))
def test_more_rest_days_never_shorten_a_window(start, length, zone, more):
    plain = replace(calendar(), work=frozenset())
    longer = replace(plain, off=plain.off | more)
    before = count(start=start, length=length, calendar=plain, zone=zone)
    after = count(start=start, length=length, calendar=longer, zone=zone)
    assert after.due_at >= before.due_at


@given(instants, lengths, zones)
def test_the_end_is_exactly_a_local_midnight(start, length, zone):
    counted = count(start=start, length=length, calendar=calendar(), zone=zone)
    local = counted.due_at.astimezone(ZoneInfo(zone))
    assert local.time() == time.min
    assert local.date() == counted.last_day + timedelta(days=1)
    assert counted.due_at.tzinfo is UTC


@given(instants, st.timedeltas(timedelta(0), timedelta(days=40)), lengths, zones)
def test_a_later_start_never_gives_an_earlier_end(start, later, length, zone):
    first = count(start=start, length=length, calendar=calendar(), zone=zone)
    second = count(start=start + later, length=length, calendar=calendar(), zone=zone)
    assert second.due_at >= first.due_at


@given(instants, st.integers(0, 300), zones)
def test_rolling_ends_on_a_working_day_and_never_before_the_plain_rule(start, n, zone):
    rolled = count(start=start, length=Length(n, "d"), calendar=calendar(), zone=zone)
    plain = count(start=start, length=Length(n, "d"), calendar=calendar(), zone=zone, roll=False)
    assert calendar().is_working(rolled.last_day)
    assert rolled.last_day >= plain.last_day == start.astimezone(ZoneInfo(zone)).date() + timedelta(days=n)


@given(st.dates(date(2023, 12, 1), date(2029, 3, 31)), st.integers(1, 24))
def test_months_land_on_the_same_day_or_the_months_end(day, months):
    start = datetime.combine(day, time(12), tzinfo=ZoneInfo("Asia/Shanghai"))
    end = count(
        start=start, length=Length(months, "mo"), calendar=calendar(), zone="Asia/Shanghai", roll=False
    )
    following = end.last_day + timedelta(days=1)
    assert end.last_day.day == day.day or (end.last_day.day < day.day and following.day == 1)
    assert (end.last_day.year * 12 + end.last_day.month) - (day.year * 12 + day.month) == months


@given(instants, st.integers(1, 60))
def test_working_days_hold_exactly_so_many_working_days(start, n):
    first = start.astimezone(ZoneInfo("Asia/Shanghai")).date()
    end = count(start=start, length=Length(n, "wd"), calendar=calendar(), zone="Asia/Shanghai").last_day
    passed = [first + timedelta(days=i) for i in range(1, (end - first).days + 1)]
    assert sum(calendar().is_working(day) for day in passed) == n

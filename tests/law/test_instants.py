from datetime import UTC, datetime

import pytest

from law.errors import (
    AmbiguousTime,
    InstantOutOfRange,
    NaiveInstant,
    NotAnInstant,
    TimeDoesNotExist,
    UnknownZone,
)
from law.instants import parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-23T14:00+08:00",
        "2026-09-23T06:00:00Z",
        "2026-09-23 14:00+08:00",
        "2026-09-23T14:00[Asia/Shanghai]",
        " 2026-09-23T14:00+08:00 ",
    ],
)
def test_one_instant_in_many_spellings(text):
    assert parse_instant(text) == datetime(2026, 9, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-09-23", "", "soon", "T", "2026-13-01T00:00Z", "14:00+08:00", "2026-09-23T25:00Z"]
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(NotAnInstant):
        parse_instant(text)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(NaiveInstant):
        parse_instant("2026-09-23T14:00")


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00Z", "9999-12-31T23:59Z", "9999-12-31T23:59[Asia/Shanghai]"]
)
def test_years_far_away_are_refused(text):
    with pytest.raises(InstantOutOfRange):
        parse_instant(text)


def test_an_hour_that_the_clocks_jump_over_is_refused():
    with pytest.raises(TimeDoesNotExist):
        parse_instant("2026-03-29T02:30[Europe/Berlin]")


def test_an_hour_that_comes_twice_is_refused():
    with pytest.raises(AmbiguousTime):
        parse_instant("2026-10-25T02:30[Europe/Berlin]")


def test_an_unknown_zone_is_refused():
    with pytest.raises(UnknownZone):
        parse_instant("2026-10-25T02:30[Mars/Olympus]")

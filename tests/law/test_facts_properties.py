"""What must hold for a window whatever else happened."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from law.facts import Facts, due
from tests.law.packs import calendar, pack

starts = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
later = st.timedeltas(timedelta(0), timedelta(days=30))
LAWS = {
    "CN": ("cn", "cn.return.window"),
    "DE": ("eu", "eu.withdrawal.window"),
    "UK": ("uk", "uk.cancellation.window"),
    "TW": ("tw", "tw.return.window"),
    "KR": ("kr", "kr.withdrawal.window"),
    "JP": ("jp", "jp.return.window"),
}


def end(place, **facts):
    name, rule = LAWS[place]
    return due(
        pack=pack(name).at_place(place), calendar=calendar(place.lower()), rule_id=rule, facts=Facts(**facts)
    ).due_at


@given(st.sampled_from(sorted(LAWS)), starts, st.lists(later, max_size=4))
def test_another_parcel_never_shortens_a_window(place, start, gaps):
    parcels = tuple(start + gap for gap in gaps)
    assert end(place, start=start, parcels=parcels) >= end(place, start=start)
    assert end(place, start=start, parcels=parcels) == end(place, start=start, parcels=parcels[::-1])


@given(st.sampled_from(["DE", "UK", "TW"]), starts, st.timedeltas(timedelta(days=-100), timedelta(days=900)))
def test_being_told_late_or_never_never_shortens_it(place, start, gap):
    plain, never = end(place, start=start), end(place, start=start, never_informed=True)
    assert plain <= end(place, start=start, informed=start + gap) <= never


@given(st.sampled_from(sorted(LAWS)), starts, later)
def test_a_later_delivery_never_ends_earlier(place, start, gap):
    assert end(place, start=start + gap) >= end(place, start=start)

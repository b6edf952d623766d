from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rulebook import current, policies, shelf
from tests.builders.rulebook import the_rulebook

NOW = datetime(2026, 11, 21, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def statements(ask):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        ask()
    return len(caught)


def test_a_page_pays_nothing_for_the_law_it_shows():
    the_rulebook()
    shelf.current()
    assert (
        statements(lambda: (current.pack("CN", NOW), current.calendar("CN"), policies.rows("silence", NOW)))
        == 0
    )


def test_after_a_minute_it_pays_one_statement(monkeypatch):
    the_rulebook()
    held = current.pack("CN", NOW)
    later = shelf.time.monotonic() + shelf.FRESH_SECONDS + 1
    monkeypatch.setattr(shelf.time, "monotonic", lambda: later)
    assert statements(lambda: current.pack("CN", NOW)) == 1
    assert statements(lambda: current.pack("CN", NOW)) == 0
    assert current.pack("CN", NOW) is held


def test_a_place_without_law_is_named():
    the_rulebook()
    with pytest.raises(current.PlaceUnknown, match="XX"):
        current.pack("XX", NOW)


@pytest.mark.parametrize("place", ["CN", "TW", "HK", "UK", "GB", "US", "JP", "KR", "DE", "FR", "PL", "IE"])
def test_every_place_has_law_and_a_calendar_of_its_own(place):
    the_rulebook()
    assert current.pack(place, NOW).place == current.calendar(place).place == place


def test_the_eu_is_too_wide_for_a_calendar():
    the_rulebook()
    with pytest.raises(current.PlaceTooWide, match="IE"):
        current.pack("EU", NOW)


def test_a_time_before_all_law_is_refused():
    the_rulebook()
    with pytest.raises(current.PackNotInForce):
        current.pack("CN", datetime(2001, 1, 1, tzinfo=UTC))


def test_the_version_an_order_names_stays_readable():
    the_rulebook()
    held = current.pack("CN", NOW)
    assert current.pack_version("CN", held.version) == held
    with pytest.raises(current.VersionUnknown):
        current.pack_version("CN", "cn-1999.1")

"""The home page: nothing is asked of the database while it is kept, and what changes shows soon."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import publishing
from desk import front
from kernel.actor import Actor
from merchants import standing
from tests.builders.orders import drain
from tests.builders.shops import a_listing
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def trusted(at):
    """A listing on the home page: its shop has the best grade."""
    at(NOW)
    kept_pages.pages.empty()
    cache.clear()
    listing = a_listing(title="月白釉手作茶壶")
    standing.write_effects(
        merchant_id=listing.merchant_id,
        grade="A",
        score_permille=950,
        payout_delay_days=0,
        rule_id="policy.credit",
        at=NOW,
    )
    drain(at=NOW)
    return listing


def home(**headers):
    return Client().get("/", headers=headers).content.decode()


def test_warm_it_asks_nothing(trusted):
    assert "月白釉手作茶壶" in home()
    with CaptureQueriesContext(connection) as taken:
        assert "月白釉手作茶壶" in home()
    assert [each["sql"][:80] for each in taken] == []


def test_each_language_has_its_own(trusted):
    assert 'lang="zh-Hans"' in home()
    assert 'lang="en"' in home(**{"accept-language": "en"})
    assert 'lang="zh-Hans"' in home()


def test_what_is_withdrawn_goes_with_its_event(trusted):
    home()
    publishing.withdraw(listing_id=trusted.pk, actor=Actor.system(), at=NOW)
    drain(at=NOW)
    assert "月白釉手作茶壶" not in home()


def test_a_suspended_shop_goes_with_its_event(trusted):
    home()
    standing.suspend(
        merchant_id=trusted.merchant_id, reason="假货", rule_id="platform.rules", actor=Actor.system(), at=NOW
    )
    drain(at=NOW)
    assert "月白釉手作茶壶" not in home()


def test_nothing_is_older_than_a_minute(trusted, at):
    home()
    publishing.withdraw(listing_id=trusted.pk, actor=Actor.system(), at=NOW)
    assert front.edition(NOW) != front.edition(NOW + timedelta(minutes=1))
    at(NOW + timedelta(minutes=1))
    assert "月白釉手作茶壶" not in home()

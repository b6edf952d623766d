"""`manage price_check`: the permitted reference price and its basis, on the command line."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog import deals
from kernel.ids import new_id
from tests.builders.prices import a_deal, published
from tests.builders.shops import LISTED, a_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def ask(listing, **options):
    out = StringIO()
    words = {"at": "2026-11-16T10:00+08:00", "place": "CN", "json": True, **options}
    call_command("price_check", variant=str(listing.pk), stdout=out, **words)
    return json.loads(out.getvalue())


def test_in_china_the_lowest_deal_of_seven_days():
    listing = a_listing(price="99.00")
    a_deal(listing, "99.00", at=NOW - 2 * DAY)
    lowest = a_deal(listing, "89.00", at=NOW - 7 * DAY)
    assert ask(listing) == {
        "variant": str(listing.pk),
        "listing": str(listing.pk),
        "place": "CN",
        "at": "2026-11-16T02:00:00+00:00",
        "permitted_minor": 8900,
        "currency": "CNY",
        "permitted": "89.00",
        "basis": "lowest_deal",
        "basis_at": "2026-11-09T02:00:00+00:00",
        "counted": 2,
        "window_from": "2026-11-09T02:00:00+00:00",
        "window_until": "2026-11-16T02:00:00+00:00",
        "rule_id": "cn.price.reference",
        "pack_version": ask(listing)["pack_version"],
        "confidence": "confirmed",
        "why": "the lowest deal of the period",
    }
    deals.void([lowest], cause="cancelled", at=NOW - DAY)
    assert ask(listing)["permitted_minor"] == 9900
    # What was known at an instant stays its answer.
    assert ask(listing, at="2026-11-14T02:00:00Z")["permitted_minor"] == 8900


def test_in_france_the_lowest_price_of_thirty_days():
    listing = a_listing(price="50.00", at=LISTED)
    published(listing, at=NOW - DAY, price_minor=9900)
    a_deal(listing, "99.00", at=NOW - DAY)
    answer = ask(listing, place="fr")
    assert (answer["permitted_minor"], answer["basis"], answer["rule_id"]) == (
        5000,
        "lowest_asked",
        "eu.price.reference",
    )


def test_never_sold_and_no_rule():
    listing = a_listing()
    assert (ask(listing)["permitted_minor"], ask(listing)["basis"]) == (None, "no_deal")
    assert ask(listing, place="US")["basis"] == "no_rule"


@pytest.mark.parametrize(
    "words", [{"at": "yesterday"}, {"at": "2026-11-16T10:00"}, {"place": "XX"}, {"place": "EU"}]
)
def test_nonsense_is_refused(words):
    with pytest.raises(CommandError) as refused:
        ask(a_listing(), **words)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("key", ["7", "no-id"])
def test_a_stranger_is_refused(key):
    with pytest.raises(CommandError):
        call_command("price_check", variant=key, at="2026-11-16T10:00+08:00")
    with pytest.raises(CommandError):
        call_command("price_check", variant=str(new_id()), at="2026-11-16T10:00+08:00")

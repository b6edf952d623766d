"""Many presses at once don't pass the limit that one after the other would meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection

from catalog import stock_alerts, wish_list
from catalog.models import StockAlert, WishLine
from kernel.errors import DomainError
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db(transaction=True)
NOW, PRESSES, MOST = datetime(2026, 11, 21, 3, 0, tzinfo=UTC), 6, 2


def at_once(step, cases):
    """What each was refused with, "" for what was taken."""
    gate = Barrier(len(cases))

    def run(case):
        try:
            gate.wait()
            step(case)
            return ""
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(cases)) as pool:
        return sorted(pool.map(run, cases))


@pytest.fixture
def person():
    return a_buyer()


@pytest.fixture
def few(monkeypatch):
    """Both policies allow two."""
    asked = wish_list.policies.value

    def told(name, at):
        held = asked(name, at)
        return {**held, "most": MOST} if name in (wish_list.POLICY, stock_alerts.POLICY) else held

    monkeypatch.setattr(wish_list.policies, "value", told)


def test_a_wish_list(few, person):
    listings = [a_listing() for _ in range(PRESSES)]

    def put(each):
        wish_list.put(listing_id=each.pk, variant_id=None, actor=person.actor, at=NOW)

    assert at_once(put, listings) == [""] * MOST + ["wish_list_full"] * (PRESSES - MOST)
    assert WishLine.objects.count() == MOST


def test_stock_alerts(few, person):
    listings = [a_listing(stock=0) for _ in range(PRESSES)]

    def ask(each):
        stock_alerts.ask(variant_id=each.pk, language="zh-hans", actor=person.actor, at=NOW)

    assert at_once(ask, listings) == [""] * MOST + ["stock_alerts_too_many"] * (PRESSES - MOST)
    assert StockAlert.objects.count() == MOST

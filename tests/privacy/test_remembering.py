"""Personalisation is off until somebody agrees, and off for good when they take it back."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from privacy import remembering
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ROW = "你最近看过"


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


def choose(browser, agree):
    told = {"answer": "agree" if agree else "refuse", "version": "1"}
    assert browser.post("/privacy/consents/personalisation/", told).status_code == 303


def home(browser):
    return browser.get("/").content.decode()


def statements(browser, path):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_nothing_is_remembered_before_somebody_agrees():
    browser, listing = a_buyer().client, a_listing()
    browser.get(f"/p/{listing.pk}/")
    assert remembering.COOKIE not in browser.cookies
    assert ROW not in home(browser)


def test_who_agreed_finds_what_they_looked_at():
    browser, listing = a_buyer().client, a_listing()
    choose(browser, True)
    browser.get(f"/p/{listing.pk}/")
    page = home(browser)
    assert ROW in page and f'href="/p/{listing.pk}/"' in page.split(ROW)[1]


def test_a_guest_may_agree_too():
    browser, listing = Client(), a_listing()
    choose(browser, True)
    browser.get(f"/p/{listing.pk}/")
    assert ROW in home(browser)


def test_taking_it_back_forgets_at_once():
    browser, listing = a_buyer().client, a_listing()
    choose(browser, True)
    browser.get(f"/p/{listing.pk}/")
    choose(browser, False)
    assert browser.cookies[remembering.COOKIE].value == ""
    assert ROW not in home(browser)


def test_a_withdrawal_elsewhere_counts_here():
    owner, listing = a_buyer(), a_listing()
    choose(owner.client, True)
    owner.client.get(f"/p/{listing.pk}/")
    other = Client()
    other.force_login(owner.user, backend="accounts.backends.StaffAwareBackend")
    choose(other, False)
    assert ROW not in home(owner.client)
    owner.client.get(f"/p/{listing.pk}/")
    assert owner.client.cookies[remembering.COOKIE].value == ""


def test_another_person_at_the_same_browser_sees_nothing():
    owner, listing = a_buyer(), a_listing()
    choose(owner.client, True)
    owner.client.get(f"/p/{listing.pk}/")
    kept = owner.client.cookies[remembering.COOKIE].value
    other = a_buyer()
    other.client.cookies[remembering.COOKIE] = kept
    assert ROW not in home(other.client)


@pytest.mark.parametrize("cookie", ["x", "x:y:z", "00" * 16, "\x00"])
def test_a_forged_memory_shows_nothing(cookie):
    browser = a_buyer().client
    browser.cookies[remembering.COOKIE] = cookie
    assert ROW not in home(browser)


def test_eight_things_are_kept_and_the_last_comes_first(rf):
    owner = a_buyer()
    listings = [a_listing(code=f"N{n}") for n in range(10)]
    choose(owner.client, True)
    for listing in (*listings, listings[5]):
        owner.client.get(f"/p/{listing.pk}/")
    request = rf.get("/")
    request.user, request.COOKIES = (
        owner.user,
        {remembering.COOKIE: owner.client.cookies[remembering.COOKIE].value},
    )
    seen = remembering.seen(request, at=NOW)
    assert len(seen) == remembering.MOST and seen[:2] == [listings[5].pk, listings[9].pk]


def test_who_did_not_agree_pays_no_statement_for_it():
    listing = a_listing()
    plain, agreed = Client(), Client()
    choose(agreed, True)
    for browser in (plain, agreed):
        browser.get(f"/p/{listing.pk}/")
    assert statements(agreed, f"/p/{listing.pk}/") - statements(plain, f"/p/{listing.pk}/") in (1, 2)


def test_the_same_goods_cost_the_same_whoever_asks():
    """No price by person: not by history, consent, sign-in, language or what the browser says it is."""
    listing = a_listing(price="1039.48", freight="6.00")
    known, agreed, guest = a_buyer().client, a_buyer().client, Client()
    choose(agreed, True)
    for _ in range(12):
        agreed.get(f"/p/{listing.pk}/")
    odd = Client(headers={"user-agent": "Very Expensive Phone 17", "referer": "https://luxury.example/"})
    pages = [
        browser.get(path).content.decode()
        for path in (f"/p/{listing.pk}/",)
        for browser in (known, agreed, guest, odd, Client(), a_buyer(locale="en").client)
    ]
    shown = {page.split('<span class="price">')[1].split("</span></span>")[0] for page in pages}
    assert len(shown) == 1 and "1,045" in shown.pop()

"""The standard order is everybody's; what one looked at comes first only for who asked for that."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from catalog.web import personal
from privacy import remembering
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WHY = "你看过，所以排在前面"


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def goods():
    shop = a_merchant()
    return [a_listing(merchant=shop, title=title) for title in ("竹茶盘", "铁壶", "棉布桌旗")]


def shown(browser, address="/c/home/"):
    page = browser.get(address).content.decode()
    return page, [part.split("/")[0] for part in page.split('class="pcard__t"')[1:] for part in [
        part.split('href="/p/')[1]
    ]]  # fmt: skip


def agreed():
    browser = Client()
    told = {"answer": "agree", "version": "2"}
    assert browser.post("/privacy/consents/personalisation/", told).status_code == 303
    return browser


def switch(browser, on):
    return browser.post("/ranking/choice", {"order": "mine" if on else "", "next": "/c/home/"})


class TestSwitch:
    def test_off_at_first_and_the_page_says_so(self, goods):
        page, _ids = shown(Client())
        assert "现在是关" in page and "/ranking" in page and "售出 0" in page

    def test_on_it_puts_what_was_looked_at_first_and_says_why(self, goods):
        browser, before = agreed(), shown(Client())[1]
        last = before[-1]
        browser.get(f"/p/{last}/")
        assert shown(browser)[1] == before
        answer = switch(browser, True)
        assert (answer.status_code, answer["Location"]) == (303, "/c/home/")
        page, ids = shown(browser)
        assert ids == [last, *before[:-1]] and page.count(WHY) == 1
        assert shown(Client())[1] == before
        switch(browser, False)
        page, ids = shown(browser)
        assert ids == before and WHY not in page and personal.COOKIE not in {
            name for name, morsel in browser.cookies.items() if morsel.value
        }  # fmt: skip

    def test_other_orders_and_filters_stay_as_they_are(self, goods):
        browser = agreed()
        browser.get(f"/p/{goods[0].pk}/")
        switch(browser, True)
        for address in ("/c/home/?sort=price", "/c/home/?from=1000", "/search?q=铁壶"):
            assert shown(browser, address)[1] == shown(Client(), address)[1]

    def test_without_the_consent_it_asks_for_it_and_stays_off(self, goods):
        browser = Client()
        answer = switch(browser, True)
        assert answer["Location"] == "/privacy/consents/#personalisation"
        assert personal.COOKIE not in browser.cookies

    def test_a_forged_switch_alone_changes_nothing(self, goods):
        browser = Client()
        browser.cookies[personal.COOKIE] = "mine"
        browser.cookies[remembering.COOKIE] = "x"
        assert shown(browser)[1] == shown(Client())[1]

    @pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
    def test_it_sends_nobody_elsewhere(self, there):
        answer = agreed().post("/ranking/choice", {"order": "", "next": there})
        assert answer["Location"] == "/search"


class TestForget:
    def test_one_press_empties_the_row_and_keeps_the_consent(self, goods):
        browser = agreed()
        browser.get(f"/p/{goods[0].pk}/")
        assert "你最近看过" in browser.get("/").content.decode()
        assert browser.post("/privacy/seen/").status_code == 303
        assert "你最近看过" not in browser.get("/").content.decode()
        browser.get(f"/p/{goods[1].pk}/")
        assert "你最近看过" in browser.get("/").content.decode()

    def test_whoever_never_agreed_starts_nothing_by_it(self):
        browser = Client()
        browser.post("/privacy/seen/")
        assert remembering.COOKIE not in browser.cookies


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "How lists are ordered"), ("zh-hant", "列表怎麼排"), ("zh-hans", "列表怎么排")],
)
def test_the_page_that_explains(language, words):
    said = Client().get("/ranking", headers={"accept-language": language}).content.decode()
    assert words in said and "50%" in said

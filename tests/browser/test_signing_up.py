"""Opening an account in a real browser, with and without scripts; no barrier on the way."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from tests.browser.test_public_pages import barriers
from tests.builders.people import PASSWORD
from tests.builders.shops import the_catalogue

pytestmark = pytest.mark.django_db(transaction=True)

SEND = {"zh-CN": "发送验证码", "zh-TW": "寄驗證碼給我", "en-GB": "Send me the code"}
GO_ON = {"zh-CN": "继续", "zh-TW": "繼續", "en-GB": "Go on"}


@pytest.fixture(autouse=True)
def a_house(transactional_db):
    the_catalogue()
    cache.clear()


@pytest.mark.parametrize(
    ("language", "js", "width"),
    [("zh-CN", True, 1280), ("zh-CN", False, 390), ("zh-TW", True, 390), ("en-GB", False, 320)],
)
def test_a_person_opens_an_account(opened, language: str, js: bool, width: int):
    page = opened(width=width, js=js, language=language)
    wrong: list[str] = []

    def look(step: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong.extend([f"{step}: {wide} px too wide"] if wide > 0 else [])
        wrong.extend(f"{step}: {one}" for one in (barriers(page) if js else []))

    page.goto("/accounts/signup/")
    page.get_by_role("button", name=SEND[language]).click()
    assert page.get_by_role("alert").is_visible()
    look("what to change")
    page.locator("[name=email]").fill("lin@example.com")
    page.locator("[name=display_name]").fill("林安")
    page.locator("[name=age][value=adult]").check()
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name=SEND[language]).click()
    look("the code")
    page.locator("[name=code]").fill(re.search(r"\d{3}-\d{3}-\d{3}", mail.outbox[-1].body).group())
    page.get_by_role("button", name=GO_ON[language]).click()
    page.wait_for_load_state("networkidle")
    for path in ("/account/", "/inbox/", "/inbox/settings/", "/accounts/password/change/"):
        assert page.goto(path).url.endswith(path)
        look(path)

    assert wrong == []
    assert page.said == []

"""The safety of an account in a real browser: a passkey made and used, no barrier, nothing cut off at 320."""

import pytest
from django.core.cache import cache

from accounts import contacts, second_factors
from tests.accounts.test_second_factors import SECRET, code_now
from tests.browser.test_public_pages import barriers
from tests.builders.people import JOINED, PASSWORD, a_buyer
from tests.builders.shops import the_catalogue

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/account/security/",
    "/account/sessions/",
    "/account/contacts/",
    "/account/contacts/phone/",
    "/account/security/freeze/",
    "/accounts/factors/app/",
    "/accounts/factors/passkey/",
    "/accounts/reauthenticate/",
)
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DOORS = ("/accounts/login/", "/accounts/login/code/", "/account/recovery/")


@pytest.fixture(autouse=True)
def a_house(transactional_db):
    the_catalogue()
    cache.clear()


def a_virtual_key(page) -> None:
    """A built-in authenticator whose owner always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in(page) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("lin@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form[action='/accounts/login/'] button").click()


def test_a_passkey_is_made_and_opens_the_account(opened):
    person = a_buyer(email="lin@example.com")
    page = opened(person=person)
    a_virtual_key(page)
    page.goto("/accounts/factors/passkey/")
    page.locator("[name=name]").fill("我的电脑")
    page.get_by_role("button", name="创建通行密钥").click()
    page.wait_for_url("**/accounts/factors/codes/")
    page.goto("/account/security/")
    assert page.get_by_text("我的电脑").first.is_visible()

    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    assert page.goto("/account/").url.endswith("/account/")

    page.context.clear_cookies()
    sign_in(page)
    page.wait_for_url("**/accounts/login/second/")
    assert barriers(page) == []
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    assert page.goto("/account/").url.endswith("/account/")
    page.goto("/accounts/reauthenticate/")
    page.get_by_role("button", name="用通行密钥证明").click()
    page.wait_for_url("**/account/")
    assert page.said == []


def test_without_scripts_the_app_s_code_does_and_the_page_says_what_needs_one(opened):
    person = a_buyer(email="lin@example.com")
    second_factors.give_app(user=person.user, secret=SECRET)
    page = opened(js=False, width=390)
    page.goto("/accounts/login/")
    assert page.get_by_text("通行密钥需要浏览器的 JavaScript").is_visible()
    assert not page.get_by_role("button", name="用通行密钥登录").is_visible()
    sign_in(page)
    page.locator("[name=code]").fill(code_now())
    page.get_by_role("button", name="登录", exact=True).click()
    assert page.goto("/account/").url.endswith("/account/")


@pytest.mark.parametrize(("width", "theme", "language"), [(1280, "light", "zh-CN"), (320, "dark", "en-GB")])
def test_no_barrier_and_nothing_cut_off(opened, width, theme, language):
    person = a_buyer(email="lin@example.com", locale="en" if language == "en-GB" else "zh-hans")
    contacts.change_phone(user_id=person.user.pk, number="13800138000", at=JOINED)
    wrong: list[str] = []
    for paths, who in ((PAGES, person), (DOORS, None)):
        page = opened(width=width, theme=theme, language=language, person=who)
        for path in paths:
            assert page.goto(path).status == 200, path
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            wrong += [f"{path}: {wide} px too wide"] if wide > 0 else []
            wrong += [f"{path}: {one}" for one in barriers(page)]
        assert page.said == []

    assert wrong == []

"""Every public page: no barrier that axe finds, no sideways scroll, the policy kept, scripts optional."""

import re
from hashlib import sha256

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/pledge",
    "/help",
    "/accessibility",
    "/about",
    "/nowhere",
    "/search",
    "/cart/",
    "/accounts/login/",
]
LOOKS = [("light", 1280), ("light", 390), ("light", 320), ("dark", 1280), ("elder", 390), ("elder", 320)]
MODES = {"light": {}, "dark": {"theme": "dark"}, "elder": {"elder": True}}


# What axe said about a page that looked the same: digits, tokens and ids are no barriers.
SEEN: dict[str, list[str]] = {}
LOOKS_LIKE = (
    "[matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.outerHTML,"
    " [...document.querySelectorAll('input')].map(each => each.checked)].join()"
)


def barriers(page) -> list[str]:
    """Asked once a session for pages that differ in numbers only."""
    html = re.sub(r'value="[^"]{20,}"|[0-9A-Z]{10,12}|[\da-f-]{8,}|\d+', "", page.evaluate(LOOKS_LIKE))
    key = f"{page.viewport_size} {sha256(html.encode()).hexdigest()}"
    if key not in SEEN:
        found = Axe().run(page).response["violations"]
        SEEN[key] = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"][:3]]
    return SEEN[key]


@pytest.mark.parametrize(("mode", "width"), LOOKS)
def test_no_barrier_no_sideways_scroll_no_violation(opened, mode: str, width: int):
    page = opened(width=width, **MODES[mode])
    wrong = []
    for path in PAGES:
        answer = page.goto(path)
        if path != "/nowhere":
            wrong += [] if answer.status == 200 else [f"{path}: {answer.status}"]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{path}: {wide} px too wide"] if wide > 0 else []
        wrong += [f"{path}: {one}" for one in barriers(page)]
    wrong += [line for line in page.said if "404" not in line]
    assert wrong == []


@pytest.mark.parametrize("language", ["zh-TW", "en-GB"])
def test_other_languages_fit_too(opened, language: str):
    page = opened(width=320, language=language)
    for path in PAGES:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_without_scripts_the_switches_work(opened):
    page = opened(js=False)
    page.goto("/help")
    page.get_by_role("button", name="长辈版").first.click()
    assert page.url.endswith("/help")
    assert page.locator("html[data-elder]").count() == 1
    page.locator(".langs > summary").first.click()
    page.get_by_role("button", name="English").first.click()
    assert page.locator("h1").inner_text() == "Help"


def test_the_first_tab_stop_skips_to_the_content(opened):
    page = opened()
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")

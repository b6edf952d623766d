"""The rules library and the popover in a browser: by search, by keyboard, without scripts too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/rules/",
    "/rules/?place=EU",
    "/rules/cn.return.window/",
    "/rules/silence/",
    "/rules/changes/",
    "/rules/platform/",
    "/rules/platform/rules.trade/",
    "/figures/deadlines/",
]
LOOKS = [({}, 1280), ({}, 390), ({"theme": "dark"}, 390), ({"elder": True}, 320)]


@pytest.mark.parametrize(("mode", "width"), LOOKS)
def test_no_barrier_and_no_sideways_scroll(opened, mode: dict, width: int):
    page = opened(width=width, **mode)
    wrong = []
    for path in PAGES:
        wrong += [] if page.goto(path).status == 200 else [path]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{path}: {wide} px too wide"] if wide > 0 else []
        found = Axe().run(page).response["violations"]
        wrong += [f"{path} {one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"][:3]]
    assert wrong + page.said == []


@pytest.mark.parametrize("js", [True, False])
def test_the_library_is_searched_and_a_rule_read(opened, js: bool):
    page = opened(js=js, language="en-GB")
    page.goto("/rules/")
    page.get_by_label("Search the rules").fill("mediation")
    page.get_by_role("button", name="Find rules").click()
    page.wait_for_url("**q=mediation**")
    page.locator("#rules a").first.click()
    assert "Rule number" in page.locator("main").inner_text()


@pytest.mark.parametrize("js", [True, False])
def test_the_popover_opens_by_keyboard_and_leads_to_the_rule(opened, js: bool):
    listing = a_listing()
    page = opened(width=390, js=js, language="en-GB")
    page.goto(f"/p/{listing.pk}/")
    source = page.locator(".slip .lawpop summary").first
    source.focus()
    page.keyboard.press("Enter")
    inside = page.locator(".slip .lawpop__in").first
    assert inside.is_visible()
    assert "in force since" in inside.inner_text()
    inside.get_by_role("link").click()
    assert "/rules/cn.return.window/" in page.url

"""Debian's Chromium driven by playwright: widths, modes, scripts on or off, and what the console said."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.builders.people import Person

# The sync driver runs its own loop, in which Django would refuse the ORM calls of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
WIDTHS = (1280, 390, 320)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium on this machine (apt-get install chromium)")
                )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session, driven bare: the pytest plugin would load for every run."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`opened(width=390, js=False, theme="dark", elder=True, person=a_buyer())` -> a page, its console."""
    contexts: list[BrowserContext] = []

    def make(
        *,
        width: int = 1280,
        js: bool = True,
        theme: str = "light",
        elder: bool = False,
        language: str = "zh-CN",
        person: Person | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900 if width > 700 else 844},
            java_script_enabled=js,
            color_scheme=theme,
            locale=language,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        contexts.append(context)
        if elder:
            context.add_cookies([{"name": "anxin_display", "value": "elder", "url": live_server.url}])
        if person is not None:
            kept = person.client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": kept, "url": live_server.url}])
        page = context.new_page()
        page.said = []
        page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("requestfailed", lambda request: page.said.extend(_failure(request)))
        return page

    yield make
    for context in contexts:
        context.close()


def _failure(request):
    """What a page asked for in vain; what the browser gave up because the person went on is none."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url} {request.failure}"]

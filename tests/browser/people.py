"""People at a browser: signed in by their session cookie, watched for barriers at every step."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.test_public_pages import barriers


class AtTheBrowser:
    """One person's page; `look` collects what would be in somebody's way."""

    def __init__(self, page: Page, live_server: Any, *, js: bool, person: Any = None) -> None:
        self.page, self.js, self.wrong = page, js, []
        if person is not None:
            value = person.client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    def go(self, path: str, step: str = "") -> None:
        self.page.goto(path)
        self.look(step or path)

    def press(self, name: str, step: str = "") -> None:
        """The button or link with these words."""
        found = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        found.first.click()
        self.page.wait_for_load_state("networkidle")
        self.look(step or name)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:visible").first.fill(value)

    def tick(self, name: str, value: str) -> None:
        self.page.locator(f"[name={name}][value='{value}']").check()

    def look(self, step: str) -> None:
        measure = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        wide = self.page.evaluate(measure)
        self.wrong.extend([f"{step}: {wide} px too wide"] if wide > 0 else [])
        self.wrong.extend(f"{step}: {one}" for one in (barriers(self.page) if self.js else []))
        assert "500" not in self.page.title(), step

    def sees(self, text: str) -> bool:
        return text in self.page.locator("main").inner_text()

    @property
    def complaints(self) -> list[str]:
        """Everything that was in the way, and what the console said."""
        return [*self.wrong, *self.page.said]

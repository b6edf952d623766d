"""People at a browser: signed in by their session cookie, watched for barriers at every step."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

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
        self.click(found, step or name)

    def press_main(self, step: str, within: str = "main") -> None:
        """The one primary button of the page."""
        self.click(self.page.locator(f"{within} button.btn--pri:visible"), step)

    def click(self, target: Locator, step: str) -> None:
        """Click, and wait until the answer is there: the next page, or with scripts the swapped part."""
        assert target.count(), f"{step}: nothing to press on {self.page.url}: {self.words()[:400]}"
        if self.js:
            target.first.click()
        else:
            with self.page.expect_navigation():
                target.first.click()
        self.page.wait_for_load_state("networkidle")
        self.look(step)

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

    def words(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, text: str) -> bool:
        return text in self.words()

    @property
    def complaints(self) -> list[str]:
        """Everything that was in the way, and what the console said."""
        # A form that needs changes answers 422, which the console mentions; it is no fault.
        return [*self.wrong, *(line for line in self.page.said if "422" not in line)]

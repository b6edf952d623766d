"""Pages of staff sessions, mandates and the check page: no barrier, no sideways scroll."""

import pytest

from accounts.staff import Role
from kernel import clock
from tests.accounts.test_mandates import given, held
from tests.browser.test_public_pages import barriers
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db(transaction=True)


def wrong_on(page, path):
    answer = page.goto(path)
    found = [] if answer.status == 200 else [f"{path}: {answer.status}"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found += [f"{path}: {wide} px too wide"] if wide > 0 else []
    found += page.said
    found += [f"{path}: {one}" for one in barriers(page)]
    # In the admin's frame the checker itself trips over the policy.
    page.said.clear()
    return found


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "zh-TW"), (320, "en")])
def test_mandates_and_the_check_page(opened, transactional_db, width, language):
    mother, daughter = a_buyer("林母"), a_buyer("林女")
    mandate = held(mother, daughter)
    given(daughter, ["orders"])
    page = opened(width=width, person=daughter, language=language)
    paths = ["/mandates/", "/mandates/new/", "/mandates/accept/", "/really/"]
    wrong = [line for path in paths for line in wrong_on(page, path)]
    page.goto("/mandates/")
    with page.expect_navigation():
        page.locator(f"form[action='/mandates/{mandate.pk}/act/'] button").click()
    assert "林母" in page.locator(".banner").first.inner_text()
    wrong += wrong_on(page, "/orders/")
    with page.expect_navigation():
        page.locator("form[action='/mandates/back/'] button").click()
    assert "林母" not in page.locator("body").inner_text() or "/mandates/" in page.url
    assert wrong == [], "\n".join(wrong)
    assert clock.now() < mandate.ends_at


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-CN"), (390, "en")])
def test_a_staff_session_from_its_start(opened, transactional_db, width, language):
    idle, person = a_staff(Role.REVIEWER, working=False), a_staff(Role.SECURITY_OFFICER)
    page = opened(width=width, person=idle, language=language)
    wrong = wrong_on(page, "/staff/start/")
    page = opened(width=width, person=person, language=language)
    for path in ("session/", "glass/", "emergencies/", "joint/", "roles/", "call/", "reports/"):
        wrong += [line for line in wrong_on(page, f"/staff/{path}") if "django" not in line]
    assert wrong == [], "\n".join(wrong)

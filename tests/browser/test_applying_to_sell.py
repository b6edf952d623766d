"""Applying to sell in a real browser: left and resumed, sent back, admitted; or refused and appealed."""

import pytest
from django.core.cache import cache

from accounts.staff import Role
from kernel import clock
from merchants.application_tasks import Task
from merchants.models import Application, Merchant
from outbox import relay
from tests.browser.people import AtTheBrowser
from tests.builders.applications import a_handed_in_application, answers, right_answers
from tests.builders.people import a_buyer, a_staff
from tests.privacy.pictures import a_jpeg

pytestmark = pytest.mark.django_db(transaction=True)
MODES = [pytest.param(True, 1280, id="scripts-wide"), pytest.param(False, 390, id="no-scripts-narrow")]
TYPED = (Task.OWNER, Task.PAYOUT, Task.RETURNS, Task.CONTACTS)


@pytest.fixture
def people(opened, live_server, transactional_db, js, width):
    cache.clear()
    applicant, clerk = a_buyer("沈禾"), a_staff(Role.MERCHANT_DESK)
    person = AtTheBrowser(opened(width=width, js=js), live_server, js=js, person=applicant)
    return applicant, person, Desk(opened(width=1280, js=js, person=clerk))


class Desk:
    """The merchant desk's browser."""

    def __init__(self, page):
        self.page = page

    def open(self, application):
        self.page.goto(f"/admin/merchants/application/{application.pk}/change/?purpose=merchants.review")

    def press(self, name):
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def decide(self, name, reason):
        self.page.locator("#reason").fill(reason)
        self.press(name)


def answer(person, given):
    """Fill in a form whatever its fields are."""
    for name, value in given.items():
        field = person.page.locator(f"[name={name}]:visible")
        kind = field.first.evaluate("each => each.type")
        if kind == "radio":
            person.tick(name, value)
        elif kind == "checkbox":
            field.check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def save(person, there, task, given):
    person.go(f"{there}{task}/", str(task))
    answer(person, given)
    person.press_main(f"{task} saved")


def identity(person, there, tmp_path):
    """A slip with the number first: everything else stays as it was typed."""
    licence = tmp_path / "执照.jpg"
    licence.write_bytes(a_jpeg())
    right = answers(Task.IDENTITY)
    person.go(f"{there}identity/", "identity")
    answer(person, {**right, "number": "91110000MA0000001A"})
    person.page.locator("[name=file]").set_input_files(str(licence))
    person.press_main("identity with a slip")
    assert person.page.locator(".summary").is_visible() or person.page.locator(".err").first.is_visible()
    # Left, and taken up again from the list of shops.
    person.go("/merchant/", "your shops")
    person.press("继续填写申请")
    person.go(f"{there}identity/", "identity again")
    assert person.page.locator("[name=legal_name]").input_value() == right["legal_name"]
    answer(person, right)
    person.press_main("identity saved")


@pytest.mark.parametrize(("js", "width"), MODES)
def test_from_the_first_page_to_the_decision_letter(people, tmp_path):
    _, person, desk = people
    person.go("/merchant/apply", "apply")
    person.press_main("begun")
    there = person.page.url
    identity(person, there, tmp_path)
    save(person, there, Task.PERMITS, answers(Task.PERMITS))
    for task in TYPED:
        save(person, there, task, answers(task))
    save(person, there, Task.CONTRACT, answers(Task.CONTRACT))
    save(person, there, Task.TRAINING, {**right_answers(), "privacy": "bought", "returns": "sale"})
    assert person.sees("营销要买家另行同意")
    answer(person, right_answers())
    person.press_main("quiz passed")
    person.go(there, "all tasks")
    person.press("提交申请")
    relay.drain_all()
    application = Application.objects.get()
    assert application.merchant.state == "applied"
    desk.open(application)
    desk.page.locator("[name=reason-returns]").fill("少了门牌号。")
    desk.press("保存审核")
    person.go(there, "sent back")
    assert person.sees("少了门牌号。")
    save(person, there, Task.RETURNS, answers(Task.RETURNS, address="示例路 8 号 2 栋"))
    person.go(there, "complete again")
    person.press("提交申请")
    relay.drain_all()
    desk.open(application)
    for tick in desk.page.locator("[name^=accept-]").all():
        tick.check()
    desk.press("保存审核")
    desk.decide("通过入驻", "执照和身份都核对过。")
    relay.drain_all()
    assert Merchant.objects.get().state == "trading"
    person.go("/inbox/", "letters")
    person.press("清川茶行 可以开始卖了", "the decision letter")
    assert person.sees("核验了")
    person.go(f"/merchant/{Merchant.objects.get().slug}/", "the shop's first day")
    assert person.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_refused_with_a_reason_and_appealed(people):
    applicant, person, desk = people
    application = a_handed_in_application(applicant_id=applicant.subject_id, at=clock.now())
    desk.open(application)
    desk.decide("不通过", "执照已注销。")
    relay.drain_all()
    person.go("/merchant/", "your shops")
    assert person.sees("执照已注销。")
    person.press("对此申诉")
    person.fill(text="执照没有注销，附上登记机关的证明。")
    person.press_main("appeal filed")
    assert person.sees("执照没有注销")
    assert person.complaints == []

"""Somebody applies to sell over the web, leaves and comes back; the desk reviews, sends back and admits."""

import re

import pytest

from accounts.staff import Role
from kernel import clock
from merchants.application_tasks import Task
from merchants.models import Application, Document, Merchant
from outbox import relay
from privacy.models import AccessRecord
from tests.builders.applications import answers, right_answers
from tests.builders.people import a_buyer, a_staff
from tests.merchants.test_applying import AT
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
PURPOSE = "?purpose=merchants.review"


@pytest.fixture(autouse=True)
def now():
    with clock.frozen(AT):
        yield


def body(answer):
    return answer.content.decode()


def test_from_the_first_page_to_the_first_day(settings):
    person, staff = a_buyer("沈禾"), a_staff(Role.MERCHANT_DESK)
    web, desk = person.client, staff.client
    assert web.get("/merchant/apply").status_code == 200
    there = web.post("/merchant/apply", {"kind": "company"})["Location"]
    assert "8" in re.search(r"0 / 8|8", body(web.get(there))).group()

    # A slip keeps what was typed and the picture, and says what to do.
    given = {**answers(Task.IDENTITY), "number": "91110000MA0000001A", "file": a_jpeg_upload("执照.jpg")}
    slip = web.post(f"{there}identity/", given)
    assert slip.status_code == 422
    assert 'href="#id_number"' in body(slip) and "清川茶业有限公司" in body(slip)

    # Left, and taken up again on another day: everything is there.
    assert "清川茶业有限公司" in body(web.get(f"{there}identity/"))
    assert web.post(f"{there}identity/", answers(Task.IDENTITY)).status_code == 303

    # Handing in before it is complete changes nothing.
    early = web.post(f"{there}submission")
    assert early.status_code == 422 and Merchant.objects.get().state == "preparing"

    permit = {"sells": "some", "kind": "food_business", "number": "JY11101010000001"}
    added = web.post(f"{there}permits/", {**permit, "file": a_jpeg_upload("许可.jpg")})
    assert added["Location"].endswith("/permits/")
    assert "食品经营许可或备案" in body(web.get(added["Location"]))
    for task in (Task.OWNER, Task.PAYOUT, Task.RETURNS, Task.CONTACTS):
        assert web.post(f"{there}{task}/", answers(task)).status_code == 303, task
    ticks = {"merchant_contract": "on", "platform_rules": "on"}
    assert web.post(f"{there}contract/", ticks).status_code == 422
    assert web.post(f"{there}contract/", {**ticks, "data_agreement": "on"}).status_code == 303

    # The quiz: a wrong try explains itself, a right one counts.
    wrong = {**right_answers(), "privacy": "bought", "returns": "sale"}
    tried = web.post(f"{there}training/", wrong)
    assert tried.status_code == 200 and "营销要买家另行同意" in body(tried)
    web.post(f"{there}training/", right_answers())
    assert web.post(f"{there}submission").status_code == 303
    merchant = Merchant.objects.get()
    assert merchant.state == "applied"
    relay.drain_all()

    # The portal and its program stay shut until somebody has decided.
    for path in ("", "documents/", "tokens/", "listings/", "orders/"):
        assert web.get(f"/merchant/{merchant.slug}/{path}").status_code == 404, path

    # The desk: claims only for a purpose, what the registers said beside them.
    application = Application.objects.get()
    page = f"/admin/merchants/application/{application.pk}/change/"
    assert "沈禾" not in body(desk.get(page))
    shown = body(desk.get(page + PURPOSE))
    assert "沈禾" in shown and "一致" in shown
    assert AccessRecord.objects.filter(subject_id=merchant.subject_id, purpose="merchants.review").exists()
    document = Document.objects.get(kind="business_licence")
    paper = f"/admin/merchants/document/{document.pk}/paper/front/"
    assert desk.get(paper).status_code == 302
    assert desk.get(paper + PURPOSE).headers["Content-Type"] == "image/webp"

    base = f"/admin/merchants/application/{application.pk}/"
    desk.post(base + "review", {"reason-returns": "少了门牌号。"})
    assert Merchant.objects.get().state == "preparing"
    assert "少了门牌号。" in body(web.get(there))
    web.post(f"{there}returns/", answers(Task.RETURNS, address="示例路 8 号 2 栋"))
    web.post(f"{there}submission")

    desk.post(base + "decision", {"decision": "approve", "reason": "核对过。"})
    assert Merchant.objects.get().state == "applied", "no task was accepted yet"
    desk.post(base + "review", {f"accept-{task}": "on" for task in Task})
    desk.post(base + "decision", {"decision": "approve", "reason": "核对过。"})
    assert Merchant.objects.get().state == "trading"
    assert web.get(f"/merchant/{merchant.slug}/").status_code == 200
    held = body(web.get(f"/merchant/{merchant.slug}/documents/"))
    assert "食品经营许可或备案" in held and "JY111010100" not in held


def test_a_refused_applicant_reads_the_reason_and_appeals():
    person, desk = a_buyer("沈禾"), a_staff(Role.MERCHANT_DESK)
    from tests.builders.applications import a_handed_in_application

    application = a_handed_in_application(applicant_id=person.subject_id, at=AT)
    base = f"/admin/merchants/application/{application.pk}/"
    desk.client.post(base + "decision", {"decision": "refuse", "reason": "执照已注销。"})
    mine = body(person.client.get("/merchant/"))
    assert "执照已注销。" in mine
    appeal = re.search(r'href="(/merchant/[^"]+/appeals/application/[^"]+)"', mine).group(1)
    assert person.client.get(appeal).status_code == 200


def test_somebody_else_s_application_is_not_there():
    person, other = a_buyer(), a_buyer()
    there = person.client.post("/merchant/apply", {"kind": "private"})["Location"]
    for path in ("", "identity/", "training/"):
        assert other.client.get(there + path).status_code == 404
    for path in ("identity/", "submission", "end"):
        assert other.client.post(there + path).status_code == 404
    assert Merchant.objects.get().state == "preparing"


def test_staff_take_their_own_course():
    staff, person = a_staff(Role.MERCHANT_DESK), a_buyer()
    assert person.client.get("/merchant/training/desk/").status_code == 404
    assert staff.client.get("/merchant/training/desk/").status_code == 200
    passed = staff.client.post("/merchant/training/desk/", right_answers("desk"))
    assert "已通过" in body(passed)

"""Credit and reviews in a real browser: no script needed, nothing for axe, nothing cut off at 320."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from credit import grading
from credit.models import Review
from kernel import clock
from kernel.actor import Actor
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.reviews import DELIVERED, REVIEWED, a_review, an_entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    buyer = a_buyer("林未")
    order = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id)
    other = an_order(delivered_at=DELIVERED, subject_id=buyer.subject_id, listing=order.lines.get().listing)
    a_review(order=other, text="釉色比图里偏灰一点，断水很干净。盖子里侧有一处针孔，商家说过会有。")
    an_entry(order.merchant, "complaint_upheld", at=DELIVERED)
    grading.recalculate(merchant_id=order.merchant_id, at=REVIEWED, actor=Actor.system())
    return {"buyer": buyer, "order": order, "member": a_member(order.merchant)}


def addresses(world):
    order, buyer, member = world["order"], world["buyer"], world["member"]
    line = order.lines.get()
    slug = order.merchant.slug
    return [
        ("shop", reverse("credit:shop", args=[slug]), None),
        ("standard", reverse("credit:standard"), None),
        ("reviews", reverse("credit:reviews", args=[line.listing_id]), None),
        ("review", reverse("credit:review", args=[order.number, line.pk]), buyer),
        ("shop-credit", reverse("credit:shop-credit", args=[slug]), member),
        ("shop-reviews", reverse("credit:shop-reviews", args=[slug]), member),
    ]


@pytest.mark.parametrize(
    ("width", "theme", "elder"), [(1280, "light", False), (390, "dark", False), (320, "light", True)]
)
def test_pages_are_sound(opened, world, width, theme, elder):
    for name, url, person in addresses(world):
        page = opened(width=width, theme=theme, elder=elder, person=person)
        page.goto(url)
        assert page.said == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        shots = os.environ.get("ANXIN_SHOTS")
        if shots:
            page.screenshot(path=f"{shots}/credit-{name}-{width}.png", full_page=True)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["target"]) for each in found] == [], name


def test_a_review_without_script(opened, world):
    order, line = world["order"], world["order"].lines.get()
    page = opened(js=False, person=world["buyer"])
    with clock.frozen(REVIEWED):
        page.goto(reverse("credit:review", args=[order.number, line.pk]))
        for name in ("goods", "description", "delivery", "aftersales"):
            page.check(f"input[name={name}][value='4']")
        page.fill("textarea[name=text]", "不用脚本也能写。")
        page.click("main button.btn--pri")
    assert Review.objects.get(line=line).goods == 4
    assert "不用脚本也能写。" in page.inner_text("main")

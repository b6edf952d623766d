"""The three journeys in a real browser, with scripts and without, wide and narrow.

(a) returned and refunded, (b) complained and decided, (c) settled.
"""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache

from accounts.staff import Role
from complaints.models import Complaint
from kernel import clock
from kernel.ids import new_id
from kernel.money import Money
from orders.models import Order, Return
from outbox import platform_clock
from payments import escrow, invariants
from payments.sandbox import straight
from tests.browser.people import AtTheBrowser
from tests.builders.payouts import within_reach
from tests.builders.people import a_buyer, a_member, a_staff
from tests.builders.shops import a_listing
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg
from web.outgoing import Origin

pytestmark = pytest.mark.django_db(transaction=True)
MODES = [pytest.param(True, 1280, id="scripts-wide"), pytest.param(False, 390, id="no-scripts-narrow")]


@pytest.fixture
def scene(opened, live_server, transactional_db, settings):
    settings.LOOPBACK_URL = live_server.url
    settings.OUTGOING = frozenset({Origin.of(live_server.url, inside=True)})
    cache.clear()
    platform_clock.allow_shifting(allowed=True)
    listing = a_listing(price="88.00", stock=3)

    def person(who, *, js, width):
        return AtTheBrowser(opened(width=width, js=js), live_server, js=js, person=who)

    return listing, person


def buy(shopper: AtTheBrowser, listing) -> Order:
    """From the product page to the receipt, paying at the sandbox provider."""
    shopper.go(f"/p/{listing.pk}/", "product")
    shopper.press("加入购物车")
    shopper.go("/cart/", "cart")
    shopper.press("去结算")
    shopper.press_main("checkout with gaps", "form.co")
    assert Order.objects.count() == 0
    shopper.fill(**{name: value for name, value in shopping.RECIPIENT.items() if value})
    if shopper.page.locator("[name=email]").count():
        shopper.fill(email="guest@example.com")
    for step in ("payment", "sandbox till", "sandbox done", "back in the shop"):
        shopper.press_main(step, "form.co" if step == "payment" else "main")
    now = clock.now()
    straight.run(at=now)
    shopping.drain(now)
    return Order.objects.get()


def send(shopkeeper: AtTheBrowser, order: Order) -> datetime:
    """Shipped in the portal, carried and delivered by signed events; gives the instant of delivery."""
    shopkeeper.go(f"/merchant/{order.merchant.slug}/", "today")
    shopkeeper.go(f"/merchant/{order.merchant.slug}/orders/{order.number}/", "shop order")
    shopkeeper.fill(tracking_number="SF0000000042")
    shopkeeper.press_main("shipped")
    delivered = clock.now() + timedelta(days=2)
    with clock.frozen(delivered):
        shopping.carrier_says("SF0000000042", "delivered", delivered, event_id=str(new_id()))
    return delivered


@pytest.mark.parametrize(("js", "width"), MODES)
def test_a_returned_and_refunded(scene, js, width):
    listing, person = scene
    shopper = person(a_buyer("林未"), js=js, width=width)
    shopkeeper = person(a_member(listing.merchant), js=js, width=width)
    order = buy(shopper, listing)
    delivered = send(shopkeeper, order)
    with clock.frozen(delivered + timedelta(hours=3)):
        shopper.go(f"/orders/{order.number}/", "order delivered")
        shopper.go(f"/orders/{order.number}/return/", "return")
        shopper.press_main("return check")
        shopper.press_main("return receipt")
        found = Return.objects.get()
        assert found.state == "accepted"
        shopper.fill(tracking_number="SF0000000043")
        shopper.press_main("posted")
    back = delivered + timedelta(days=3)
    with clock.frozen(back):
        shopping.carrier_says("SF0000000043", "delivered", back, event_id=str(new_id()))
        shopkeeper.go(f"/merchant/{order.merchant.slug}/returns/{found.number}/", "shop return")
        shopkeeper.press_main("refunded")
        shopping.drain(back)
        straight.run(at=back)
        shopping.drain(back)
        shopper.go(f"/orders/{order.number}/", "order refunded")
    order.refresh_from_db()
    assert (order.state, order.refunded, escrow.balance(order.pk)) == ("refunded", order.total, Money(0))
    assert invariants.all_offences() == []
    assert shopper.complaints == [] and shopkeeper.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_b_complained_and_decided(scene, js, width, tmp_path):
    listing, person = scene
    shopper = person(a_buyer("林未"), js=js, width=width)
    reviewer = person(a_staff(Role.REVIEWER), js=js, width=1280)
    order = buy(shopper, listing)
    delivered = send(person(a_member(listing.merchant), js=js, width=width), order)
    photo = tmp_path / "缺口.jpg"
    photo.write_bytes(a_jpeg())
    filed = delivered + timedelta(hours=20)
    with clock.frozen(filed):
        shopper.go(f"/complaints/new/{order.number}/", "story")
        shopper.tick("category", "damaged")
        shopper.tick("wish", "refund")
        shopper.fill(text="杯口缺了一块，碎片还在盒子里。")
        shopper.press("下一步：证据")
        shopper.page.locator("input[type=file]").set_input_files(str(photo))
        shopper.press("下一步：核对")
        assert shopper.sees("缺口.jpg")
        shopper.press("提交投诉")
        assert shopper.sees("杯口缺了一块")
        shopping.drain(filed)
    case = Complaint.objects.get()
    due = filed + timedelta(hours=48)
    shopping.time_passes(due)
    with clock.frozen(due):
        reviewer.page.goto(f"/admin/complaints/complaint/{case.pk}/change/")
        assert "杯口缺了一块" in reviewer.page.content()
        reviewer.page.locator("[name=outcome][value=upheld]").check()
        reviewer.page.locator("[name=facts]").fill("照片显示杯口缺损。")
        reviewer.page.locator("[name=reasons]").fill("商家没有按时答复。")
        reviewer.page.locator("[name=rule_ids][value='cn.quality.return']").check()
        with reviewer.page.expect_navigation():
            reviewer.page.get_by_role("button", name="作出裁定并执行").click()
        shopping.drain(due)
        shopper.go(f"/complaints/{case.number}/", "ruling")
        assert shopper.sees("照片显示杯口缺损")
    case.refresh_from_db()
    order.refresh_from_db()
    assert (case.state, case.granted, order.state) == ("decided", order.total, "refunded")
    assert invariants.all_offences() == []
    assert shopper.complaints == [] and reviewer.complaints == []


@pytest.mark.parametrize(("js", "width"), MODES)
def test_c_settled(scene, js, width):
    listing, person = scene
    shopper = person(None, js=js, width=width)
    shopkeeper = person(a_member(listing.merchant), js=js, width=width)
    order = buy(shopper, listing)
    send(shopkeeper, order)
    order.refresh_from_db()
    shopping.time_passes(order.settles_at)
    with clock.frozen(order.settles_at):
        shopper.go(f"/orders/{order.number}/", "order settled")
        shopkeeper.go(f"/merchant/{order.merchant.slug}/", "today after")
    order.refresh_from_db()
    fee = order.total.permille(20)
    assert (order.state, escrow.balance(order.pk)) == ("settled", Money(0))
    assert within_reach(order.merchant_id, "CNY") == order.total - fee
    assert shopper.complaints == [] and shopkeeper.complaints == []

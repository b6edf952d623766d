"""The editor and the desk in a real browser: gaps, wording, preview, handing in, history, review."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.staff import Role
from catalog.models import Listing, Submission
from kernel import clock
from tests.browser.people import AtTheBrowser
from tests.builders.examples import example, without
from tests.builders.people import a_member, a_staff
from tests.builders.shops import a_listing, a_merchant
from tests.builders.submissions import BANNED, a_submission, passed

pytestmark = pytest.mark.django_db(transaction=True)
MODES = [pytest.param(True, 1280, id="scripts-wide"), pytest.param(False, 390, id="no-scripts-narrow")]
CLEAN = "月白釉手作横手急须"
SAVED = re.compile(r"/listings/[0-9a-f-]+/$")
CAN, CANNOT = "可以上架", "还不能上架"


@pytest.fixture
def shop(transactional_db):
    cache.clear()
    return a_merchant()


@pytest.fixture
def seller(opened, live_server, shop, js, width):
    return AtTheBrowser(opened(width=width, js=js), live_server, js=js, person=a_member(shop))


def an_incomplete(shop):
    """Everything a household article owes, but for its maker."""
    shown = example("home")
    draft = without(shown.complete, "maker")
    return a_listing(merchant=shop, category=shown.category, live=False, **{**draft, "title": CLEAN})


def put(seller, name, value):
    """Type into a field and leave it; without scripts the button saves the draft."""
    field = seller.page.locator(f"[name='{name}']")
    field.fill(value)
    if seller.js:
        with seller.page.expect_response(SAVED):
            field.blur()
    else:
        with seller.page.expect_navigation():
            seller.page.get_by_role("button", name="保存草稿").click()


@pytest.mark.parametrize(("js", "width"), MODES)
def test_from_a_gap_to_a_version_beside_the_next(shop, seller):
    listing = an_incomplete(shop)
    editor = f"/merchant/{shop.slug}/listings/{listing.pk}/"
    panel, said = seller.page.locator("#completeness"), seller.page.locator("#fl-title_zh-hans")
    seller.go(editor, "editor with a gap")
    expect(panel).to_contain_text(CANNOT)
    expect(panel.locator("a[href='#f-maker']").first).to_be_visible()
    put(seller, "maker", "清川窑业有限公司，杭州市西湖区示例路 8 号")
    expect(panel.locator("a[href='#f-maker']")).to_have_count(0)
    expect(panel).to_contain_text(CAN)
    banned_words_are_flagged(seller, panel, said)
    seller.go(f"{editor}preview", "preview")
    assert seller.sees(CLEAN)
    seller.go(editor, "editor, complete")
    seller.click(panel.get_by_role("button", name="上架"), "handed in")
    assert "/submissions/" in seller.page.url
    passed(Listing.objects.get(pk=listing.pk), at=clock.now())
    seller.go(editor, "on sale")
    put(seller, "title_zh-hans", f"{CLEAN}，新窑")
    seller.go(f"{editor}versions/1/", "beside version 1")
    assert seller.sees("新窑")
    assert seller.page.locator("main ins, main mark").filter(has_text="新窑").count()
    assert seller.complaints == []


def banned_words_are_flagged(seller, panel, said):
    """While typing with scripts, after saving without; and the flag goes with its words."""
    if seller.js:
        seller.page.locator("[name='title_zh-hans']").fill(BANNED)
    else:
        put(seller, "title_zh-hans", BANNED)
    expect(said).to_contain_text("全网最佳")
    seller.look("a banned word")
    put(seller, "title_zh-hans", f"{CLEAN}，素烧")
    expect(said).not_to_contain_text("全网最佳")
    expect(panel).to_contain_text(CAN)


@pytest.mark.parametrize(("js", "width"), MODES[:1])
def test_by_keyboard_alone_words_go_and_folded_facts_open(shop, seller):
    listing = a_listing(merchant=shop, live=False, title=CLEAN)
    page = seller.page
    seller.go(f"/merchant/{shop.slug}/listings/{listing.pk}/", "editor")
    page.locator("[name='title_zh-hans']").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(BANNED)
    expect(page.locator("#fl-title_zh-hans")).to_contain_text("全网最佳")
    with page.expect_response(SAVED):
        page.keyboard.press("Tab")
    tabbed_to(page, "e => e.name === 'leave_out'")
    # The box is another one by now, since leaving the title saved it.
    expect(page.locator("[name='leave_out']")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[name='title_zh-hans']")).not_to_have_value(re.compile("最佳"))
    fold = page.locator(".later details.more").first
    assert fold.get_attribute("open") is None
    tabbed_to(page, "e => e === document.querySelector('.later details.more > summary')")
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("open", "")
    assert seller.complaints == []


def tabbed_to(page, found):
    """Press Tab until the focus is there; a hundred steps are too many for anybody."""
    for _step in range(100):
        if page.evaluate(f"({found})(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never gets to {found}")


@pytest.mark.parametrize(("js", "width"), MODES)
def test_read_by_the_desk_sent_back_and_let_pass(opened, shop, seller, js):
    submission = a_submission(merchant=shop, title=CLEAN, at=clock.now())
    listing = submission.listing
    editor = f"/merchant/{shop.slug}/listings/{listing.pk}/"
    desk = opened(width=1280, js=js, person=a_staff(Role.CATALOGUE_DESK))
    decides(desk, submission, "请商家修改", reason="“手作”要有依据。", words="手作")
    seller.go(f"{editor}submissions/{submission.pk}/", "sent back")
    assert seller.sees("“手作”要有依据。")
    assert seller.page.locator("main mark").first.inner_text() == "手作"
    seller.go(editor, "editor")
    put(seller, "title_zh-hans", "月白釉横手急须")
    panel = seller.page.locator("#completeness")
    seller.click(panel.get_by_role("button", name="上架"), "handed in again")
    decides(desk, Submission.objects.open().get(), "通过并上架")
    seller.go(f"/p/{listing.pk}/", "on sale")
    assert seller.sees("月白釉横手急须") and not seller.sees("手作")
    assert seller.complaints == []


def decides(page, submission, button, *, reason="", words=""):
    page.goto(f"/admin/catalog/submission/{submission.pk}/change/")
    assert CLEAN[:3] in page.locator("#content").inner_text()
    if words:
        page.locator("#reason").fill(reason)
        page.locator("#words").fill(words)
        page.locator("#rule_id").select_option("cn.ads.false")
        page.locator("#field").select_option("title_zh-hans")
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()

"""The privacy centre at a browser: with and without scripts, wide and narrow, in the dark, in elder mode."""

import pytest

from privacy import consent
from privacy.models import ConsentPurpose, Request
from tests.browser.people import AtTheBrowser
from tests.builders.orders import an_order
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyer():
    person = a_buyer()
    an_order(subject_id=person.subject_id)
    return person


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_see_agree_withdraw_copy_delete_and_think_better(opened, live_server, buyer, js, width):
    me = AtTheBrowser(opened(width=width, js=js), live_server, js=js, person=buyer)
    me.go("/privacy/")
    me.click(me.page.locator(".doors a").first, "see")
    assert me.sees("把你买的东西送到")
    me.go("/privacy/consents/")
    me.click(me.page.locator("#marketing button[value=agree]"), "agree")
    assert me.sees("你同意了")
    me.go("/privacy/consents/")
    assert me.page.locator("#marketing button").all_inner_texts() == ["撤回"]
    me.click(me.page.locator("#marketing button"), "withdraw")
    assert me.sees("你撤回了同意")
    me.go("/privacy/copy/")
    me.press_main("copy")
    assert me.sees("我们最晚答复")
    me.go("/privacy/delete/")
    me.click(me.page.locator("a[href='/privacy/delete/data/']"), "delete")
    me.click(me.page.locator("main .btn--danger"), "ask for deletion")
    assert me.sees("考虑期")
    me.press("收回这个要求", "take back")
    assert me.sees("你收回了")
    assert me.complaints == []
    assert not consent.standings(subject_id=buyer.subject_id, at=buyer.user.joined_at)[1].given
    assert {each.kind: each.state for each in Request.objects.all()}["erase"] == "withdrawn"


@pytest.mark.parametrize(
    "look", [{"theme": "dark"}, {"elder": True}, {"language": "zh-TW"}, {"language": "en"}]
)
def test_every_page_is_open_to_everybody_who_can_read(opened, live_server, buyer, look):
    me = AtTheBrowser(opened(width=390, **look), live_server, js=True, person=buyer)
    for name in ("", "see/", "copy/", "change/", "delete/", "requests/", "consents/", "looked/"):
        me.go(f"/privacy/{name}")
    for name in ("decisions/", "abroad/", "minors/", "policy/"):
        me.go(f"/privacy/{name}")
    assert me.complaints == []


def test_both_answers_are_equally_large(opened, live_server, buyer):
    page = opened(width=390, person=buyer)
    page.goto("/privacy/consents/")
    for purpose in ConsentPurpose:
        no, yes = (one.bounding_box() for one in page.locator(f"#{purpose} form button").all())
        assert (no["width"], no["height"], no["y"]) == (yes["width"], yes["height"], yes["y"])
        assert no["height"] >= 44

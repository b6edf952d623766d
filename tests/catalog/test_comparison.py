"""Up to four offers side by side, named in the address; what one leaves open is said to be open."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog import publishing
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant, complete_attributes, the_schema

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    at(LISTED)


@pytest.fixture
def pots():
    shop = a_merchant(display_name="山止器物")
    facts = complete_attributes(the_schema("home"))
    return [
        a_listing(
            merchant=shop, title=f"急须{n}", price=f"{50 - n}.00", attributes={**facts, "origin": f"产地{n}"}
        )
        for n in range(5)
    ]


def page(*listings, **query):
    answer = Client().get("/compare", {"l": [str(each.pk) for each in listings], **query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_they_stand_in_the_order_asked_with_the_lowest_price_marked(pots):
    shown = page(pots[2], pots[0])
    assert shown.index("急须2") < shown.index("急须0")
    assert "¥48.00 最低" in shown
    assert "¥50.00 最低" not in shown
    assert "产地2" in shown


def test_four_at_most_and_each_once(pots):
    shown = page(*pots, pots[0])
    assert "急须3" in shown
    assert "急须4" not in shown
    assert "最多并排看四件" in shown


def test_only_what_differs(pots):
    assert "无理由" in page(pots[0], pots[1])
    differing = page(pots[0], pots[1], diff="1")
    assert "产地1" in differing
    assert "无理由退货</" not in differing


def test_what_one_leaves_open_is_said_to_be_open(pots):
    tea = a_listing(category="food", title="龙井")
    assert "未披露" in page(pots[0], tea)


def test_what_left_the_shelf_is_said_and_not_shown(pots):
    publishing.withdraw(listing_id=pots[0].pk, actor=Actor.system(), at=LISTED)
    shown = page(pots[0], pots[1])
    assert "急须0" not in shown
    assert "已经不卖了" in shown


@pytest.mark.parametrize("ids", [[], ["x"], ["' OR 1=1"], [str(new_id())]])
def test_nothing_chosen_and_nonsense_are_an_empty_page(ids):
    answer = Client().get("/compare", {"l": ids})
    assert answer.status_code == 200
    assert "还没有选商品" in answer.content.decode()


def test_cards_bring_a_tick_and_the_page_its_form(pots):
    shown = Client().get("/c/home/").content.decode()
    assert f'name="l" value="{pots[0].pk}" form="compare"' in shown
    assert '<form id="compare" action="/compare" method="get">' in shown


def test_statements(pots):
    page(*pots)
    with CaptureQueriesContext(connection) as taken:
        page(*pots)
    assert len(taken) <= 3

"""What a schema wants said on card, checkout and contract stands there, and nowhere else."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from catalog.categories import schema_files
from catalog.notices import CARD, CHECKOUT, notices
from catalog.schema import read
from kernel import clock
from tests.builders.examples import example
from tests.builders.people import a_buyer
from tests.builders.private_sellers import a_used_thing
from tests.builders.shops import a_merchant
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
FLAW = "右下角有 3 mm 磕碰，屏幕左边一道细划痕。"


def body(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_place_that_a_schema_names_is_one_that_shows_it():
    named = {place for data in schema_files() for spec in read(data).fields for place in spec.shown}
    assert named <= {"page", CARD, CHECKOUT}


def test_what_is_not_given_leaves_no_empty_line():
    content = a_used_thing(a_merchant()).live_revision.content
    bare = {**content, "attributes": {"condition_grade": "good"}}
    assert [each.value for each in notices(bare, CHECKOUT, locale="zh-hans")] == [
        notices(content, CARD, locale="zh-hans")[0].value
    ]


def test_a_content_from_before_schemas_says_nothing():
    assert notices({"category": "home"}, CARD, locale="en") == []


@pytest.mark.parametrize("tongue", ["zh-hans", "zh-hant", "en"])
def test_the_condition_stands_on_the_card_in_the_reader_s_language(tongue):
    listing = a_used_thing(a_merchant())
    (said,) = notices(listing.live_revision.content, CARD, locale=tongue)
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = tongue
    with clock.frozen(DAY):
        shelf = body(reader.get(reverse("catalog:category", args=["second-hand"])))
    assert f"{said.label}: <b>{said.value}</b>" in shelf
    assert FLAW not in shelf, "flaws belong to page and checkout"


def test_flaws_and_terms_are_read_before_the_button_and_stay_in_the_contract():
    listing, buyer = a_used_thing(a_merchant()), a_buyer()
    terms = example("second-hand").complete["attributes"]["aftersales"]
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing)
        checkout = body(buyer.client.get(reverse("orders:checkout")))
        (order,) = shopping.buy(buyer.client, DAY, **{f"confirm_{listing.pk.hex}": "yes"})
        contract = body(buyer.client.get(reverse("orders:contract", args=[order.number])))
    for page in (checkout, contract):
        assert FLAW in page and terms in page


def test_the_contract_shows_what_was_frozen_not_what_is_on_sale_since():
    from catalog import publishing
    from catalog.drafting import edit_draft
    from kernel.actor import Actor
    from kernel.ids import new_id

    listing, buyer = a_used_thing(a_merchant(), stock=2), a_buyer()
    with clock.frozen(DAY):
        shopping.put_in_cart(buyer.client, listing)
        (order,) = shopping.buy(buyer.client, DAY, **{f"confirm_{listing.pk.hex}": "yes"})
    actor = Actor.member(new_id(), listing.merchant_id)
    edit_draft(listing_id=listing.pk, changes={"attributes": {"flaws": "没有瑕疵了"}}, actor=actor, at=DAY)
    publishing.publish(listing_id=listing.pk, actor=actor, at=DAY)
    with clock.frozen(DAY):
        contract = body(buyer.client.get(reverse("orders:contract", args=[order.number])))
    assert FLAW in contract and "没有瑕疵了" not in contract

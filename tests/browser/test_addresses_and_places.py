"""The address book, the checkout that fills in from it, and prices abroad; on a phone without scripts too."""

import pytest

from kernel import clock
from kernel.ids import new_id
from tests.browser.test_public_pages import barriers
from tests.builders.addresses import an_address
from tests.builders.freight import a_template
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db(transaction=True)
FAR = {"places": ["DE", "FR"], "first": 1, "first_minor": 9000, "further": 1, "further_minor": 4000}
NEAR = {"places": ["CN-ZJ", "CN-SH"], "first": 1, "first_minor": 600, "further": 1, "further_minor": 0}


@pytest.fixture
def there(transactional_db):
    """A buyer with two addresses and a cart, and a shop that sends abroad."""
    buyer, shop, now = a_buyer(), a_merchant(), clock.now()
    template = a_template(shop, zones=(NEAR, FAR))
    listing = a_listing(merchant=shop, price="30.00", freight_template=str(template.pk))
    an_address(buyer.actor, at=now)
    berlin = {"label": "柏林", "address": "Friedrichstr. 1, 10117 Berlin, Germany", "destination": "DE"}
    far = an_address(buyer.actor, at=now, **berlin)
    sent = {"listing": listing.pk, "quantity": 2, "idempotency_key": new_id().hex}
    buyer.client.post("/cart/lines/", sent)
    return buyer, a_member(shop), listing, template, far


@pytest.mark.parametrize(
    ("width", "js"), [(390, False), (1280, True)], ids=["phone-no-script", "desk-script"]
)
def test_every_page_fits_and_says_the_same_sum(opened, live_server, there, width: int, js: bool):
    buyer, owner, listing, template, far = there
    page = opened(width=width, js=js, person=buyer)
    seller = opened(width=width, js=js, person=owner)
    wrong = []

    def look(at, path, *words):
        answer = at.goto(path)
        said = at.content()
        wide = at.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong.extend([f"{path}: {answer.status}"] if answer.status != 200 else [])
        wrong.extend([f"{path}: {wide} px too wide"] if wide > 0 else [])
        wrong.extend(f"{path}: nothing of {word}" for word in words if word not in said)
        wrong.extend(f"{path}: {each}" for each in [*(barriers(at) if js else []), *at.said])

    look(page, "/account/addresses/", "柏林", "首选")
    look(page, f"/account/addresses/{far.pk}/", "Friedrichstr")
    look(page, "/checkout/", "漕溪北路", "66.00")
    look(page, f"/checkout/?address={far.pk}", "Friedrichstr", "190.00", "德国的税费我们这里没有计算")
    page.context.add_cookies([{"name": "anxin_display", "value": "DE", "url": live_server.url}])
    look(page, f"/p/{listing.pk}/", "120.00", "德国的税费我们这里没有计算")
    look(page, "/cart/", "190.00", "每类商品收 3 欧元关税")
    look(seller, f"/merchant/{seller_slug(template)}/freight/{template.pk}/", "不送的地方", "欧盟")
    assert wrong == []


def seller_slug(template) -> str:
    return str(template.merchant.slug)

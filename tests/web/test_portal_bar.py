"""On a phone every place of the portal has its way: four below, the others behind “More”."""

import re

import pytest

from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db


def bar(client, path):
    html = client.get(path).content.decode()
    return html[html.index('<nav class="tabbar"') :]


def test_leads_wherever_the_rail_leads():
    shop = a_merchant()
    html = a_member(shop).client.get(f"/merchant/{shop.slug}/shop/").content.decode()
    rail, _nav, bottom = html.partition('<nav class="tabbar"')
    wanted = re.findall(r'href="(/[^"]*)"', rail[rail.index("<nav") : rail.index("</nav>")])
    assert len(wanted) > 10 and set(wanted) <= set(re.findall(r'href="([^"]+)"', bottom))


@pytest.mark.parametrize("place", ["shop", "members", "documents", "standing", "tokens", "promises"])
def test_says_where_one_is(place):
    shop = a_merchant()
    bottom = bar(a_member(shop).client, f"/merchant/{shop.slug}/{place}/")
    summary = bottom[bottom.index("<summary") : bottom.index("</summary>")]
    assert 'aria-current="page"' in summary and bottom.count('aria-current="page"') == 2


def test_freight_belongs_to_the_listings():
    shop = a_merchant()
    bottom = bar(a_member(shop).client, f"/merchant/{shop.slug}/freight/")
    assert '/listings/" aria-current="page"' in bottom and bottom.count("aria-current") == 1

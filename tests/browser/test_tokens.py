"""The pages of tokens at a browser: made, shown once, revoked; no barrier, nothing too wide."""

import pytest

from accounts.models import ApiToken
from tests.browser.test_public_pages import barriers
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "mode"), [(1280, {}), (320, {}), (390, {"theme": "dark"})])
def test_a_token_is_made_shown_once_and_revoked(opened, width, mode):
    merchant, person = a_merchant(), a_buyer()
    shop = (a_member(merchant), f"/merchant/{merchant.slug}/tokens/", "orders:read")
    for who, path, scope in (shop, (person, "/account/tokens/", "own:orders")):
        page = opened(width=width, person=who, **mode)
        page.goto(path)
        page.check(f"input[value='{scope}']")
        page.click("main form.form button")
        assert page.inner_text("main code").startswith("anx_")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0 and barriers(page) == []
        page.goto(path)
        assert page.query_selector("main code") is None
        page.click("main table button")
        assert page.said == []
    assert not ApiToken.objects.filter(revoked_at=None).exists()

"""A shop hands in, looks at and takes back its documents in the portal, under the portal's role."""

from datetime import UTC, datetime

import pytest

from merchants.capabilities import Capability
from merchants.models import Document
from outbox import relay
from tests.builders.people import a_member
from tests.builders.shops import a_merchant
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def shop():
    return a_merchant()


class TestPortal:
    def test_handed_in_looked_at_and_taken_back(self, shop, at):
        at(AT)
        owner = a_member(shop)
        page = f"/merchant/{shop.slug}/documents/"
        given = {"kind": "food_business", "number": "JY1", "file": a_jpeg_upload()}
        slip = owner.client.post(page, given)
        assert slip.status_code == 422 and 'href="#id_number"' in slip.content.decode()
        food = Document.objects.filter(kind="food_business")
        assert not food.exists()
        given = {"kind": "food_business", "number": "JY11101010000001", "file": a_jpeg_upload()}
        assert owner.client.post(page, given).status_code == 303
        document = food.get()
        assert "JY11101010000001" not in owner.client.get(page).content.decode()
        paper = f"{page}{document.pk}/front/"
        assert owner.client.get(paper).status_code == 404, "still in quarantine"
        relay.drain_all()
        shown = owner.client.get(paper)
        assert shown.status_code == 200 and "no-store" in shown["Cache-Control"]
        assert owner.client.get(f"{page}{document.pk}/back/").status_code == 404
        assert owner.client.post(f"{page}{document.pk}/withdrawal").status_code == 303
        document.refresh_from_db()
        assert document.state == "withdrawn"
        helper = a_member(shop, [Capability.LISTINGS])
        assert helper.client.get(page).status_code == 404

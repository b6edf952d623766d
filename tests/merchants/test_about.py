"""The portal's page about the shop itself, and what the public reads of its identity."""

from datetime import UTC, date, datetime

import pytest

from kernel.actor import Actor
from merchants import documents, rechecking
from merchants.capabilities import Capability
from tests.builders.papers import DESK, a_document
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(at):
    at(AT)


@pytest.fixture
def shop():
    return a_merchant()


def rows(person, shop):
    return {row["url"]: row for row in person.client.get(f"/merchant/{shop.slug}/shop/").context["rows"]}


class TestThePortal:
    def test_an_owner_finds_every_page_with_its_state(self, shop):
        a_document(merchant=shop, at=AT, valid_until=date(2026, 12, 20))
        owner, base = a_member(shop), f"/merchant/{shop.slug}"
        found = rows(owner, shop)
        wanted = ["documents", "identity", "members", "tokens", "certificates", "standing", "closing"]
        assert set(found) >= {f"{base}/{name}/" for name in wanted}
        assert "2026-12-20" in found[f"{base}/documents/"]["text"]
        for url in found:
            assert owner.client.get(url).status_code == 200, url
        today = owner.client.get(f"{base}/").content.decode()
        assert f'href="{base}/shop/"' in today and 'href="/rules/"' in today

    def test_a_document_that_stopped_counting_is_said(self, shop):
        held = a_document(merchant=shop, at=AT)
        documents.refuse(document_id=held.pk, reason="号码不符", actor=DESK, at=AT)
        row = rows(a_member(shop), shop)[f"/merchant/{shop.slug}/documents/"]
        assert (row["chip"], row["late"]) == ("1 份不算数", True)

    def test_who_owns_nothing_reads_nothing_of_owners(self, shop):
        found = rows(a_member(shop, [Capability.ORDERS]), shop)
        assert set(found) == {
            f"/merchant/{shop.slug}/certificates/",
            f"/merchant/{shop.slug}/standing/",
            "/merchant/training/seller/",
        }
        for stranger in (a_buyer(), a_member(a_merchant())):
            assert stranger.client.get(f"/merchant/{shop.slug}/shop/").status_code == 404


class TestThePublic:
    def test_reads_permits_until_when_and_what_changed_when(self, shop, client):
        a_document(merchant=shop, at=AT, valid_until=date(2027, 6, 30))
        change = rechecking.report_change(
            merchant_id=shop.pk,
            fields={"contact_public": "010-1111-1111"},
            changed_on=date(2026, 11, 20),
            actor=Actor.system(),
            at=AT,
        )
        page = client.get(f"/shop/{shop.slug}/").content.decode()
        assert "食品经营许可或备案" in page and "2027-06-30" in page
        assert "2026-11-20" not in page and "010-1111-1111" not in page
        rechecking.show_change(change_id=change.pk, actor=DESK, at=AT)
        page = client.get(f"/shop/{shop.slug}/").content.decode()
        assert "联系：2026-11-20 变更" in page and "010-1111-1111" in page
        assert "JY11101010000001" not in page

"""What everybody can read about shops: the register, its file, the shop's page, its record of complaints."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints import record
from complaints.record import Record
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import standing
from merchants.models import Merchant
from tests.builders.cases import a_complaint, a_complaint_to_decide, a_ruling, rule
from tests.builders.orders import an_order, drain
from tests.builders.penalties import a_penalty
from tests.builders.shops import a_listing, a_merchant, an_application

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)
STAFF = Actor.staff(new_id())


@pytest.fixture(autouse=True)
def _now(at):
    at(AT)


def said(client, query=""):
    return client.get(f"/shops/{query}").content.decode()


class TestTheRegister:
    def test_names_everyone_ever_admitted_and_nobody_else(self, client):
        shop, applicant = a_merchant(display_name="清川茶业"), an_application(display_name="未审的店")
        gone = a_merchant(display_name="关了的店")
        standing.close(merchant_id=gone.pk, reason="x", actor=STAFF, at=AT)
        page = said(client)
        assert shop.legal_name in page
        assert shop.licence_number in page
        assert "关了的店" in page
        assert applicant.display_name not in page

    def test_finds_by_name_and_whole_licence_number(self, client):
        shop, other = a_merchant(display_name="清川茶业"), a_merchant(display_name="竹里馆")
        for query in ("清川", shop.licence_number):
            page = said(client, f"?q={query}")
            assert shop.display_name in page
            assert other.display_name not in page
        assert shop.display_name not in said(client, f"?q={shop.licence_number[:-2]}")

    def test_filters_and_sorts(self, client):
        good, bad = a_merchant(display_name="甲店"), a_merchant(display_name="乙店")
        Merchant.objects.filter(pk=good.pk).update(grade="A", score_permille=950)
        a_penalty(bad, at=AT, points=9, urgent=True)
        drain(at=AT)
        assert "乙店" not in said(client, "?grade=A")
        assert "甲店" not in said(client, "?state=restricted")
        assert "甲店" not in said(client, "?punished=1")
        page = said(client, "?sort=score")
        assert page.index("甲店") < page.index("乙店")
        for nonsense in ("?state=applied", "?grade=Z", "?sort=id;--", "?page=0"):
            assert client.get(f"/shops/{nonsense}").status_code in (200, 404), nonsense

    def test_the_file_says_the_same_and_runs_nothing(self, client):
        a_merchant(display_name="=1+1 茶", valid_until="2027-05-01")
        answer = client.get("/shops/?format=csv")
        assert answer["Content-Type"].startswith("text/csv")
        text = answer.content.decode("utf-8-sig")
        assert "'=1+1 茶" in text
        assert "2027-05-01" in text

    def test_pages(self, client, django_assert_max_num_queries):
        for _ in range(25):
            a_merchant()
        with django_assert_max_num_queries(6):
            page = said(client)
        assert page.count("<tr>") == 25
        assert "?page=2" in page


class TestTheShopPage:
    def test_shows_what_why_and_until_of_a_penalty(self, client):
        shop = a_merchant()
        penalty = a_penalty(shop, at=AT, points=6, urgent=True)
        page = f"/shop/{shop.slug}/"
        assert "拒收七天无理由退货三次。" not in client.get(page).content.decode()
        drain(at=AT)
        text = client.get(page).content.decode()
        for words in (penalty.facts, penalty.reasons, "不进搜索和推荐"):
            assert words in text

    def test_counts_complaints_by_outcome_of_a_year_and_shows_no_case(self, client):
        case = a_complaint_to_decide()
        rule(case, a_ruling(case), at=case.opened_at + timedelta(days=3))
        shop = case.merchant
        at = case.opened_at + timedelta(days=4)
        found = record.of_shop(shop.pk, at=at)
        assert found == Record(
            opened=1, agreed=0, upheld=1, partly=0, refused=0, withdrawn=0, running=0,
            unanswered=found.unanswered,
        )  # fmt: skip
        assert record.of_shop(shop.pk, at=at + timedelta(days=400)).opened == 0
        order = an_order(
            listing=a_listing(merchant=shop, title="一幅山水挂画"), delivered_at=case.order.delivered_at
        )
        a_complaint(order=order)
        assert record.of_shop(shop.pk, at=at + timedelta(days=30)).running == 1
        text = client.get(f"/shop/{shop.slug}/complaints/").content.decode()
        assert case.number not in text
        assert client.get("/shop/nobody-here/complaints/").status_code == 404

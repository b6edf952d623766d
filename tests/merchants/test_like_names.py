"""A name that buyers could take for another shop's or a brand's is looked at before anybody is admitted."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from kernel.errors import IllegalMove
from merchants import reviewing
from merchants.application_tasks import Task
from merchants.models import Application, Merchant
from merchants.moving import ReasonMissing
from outbox import relay
from tests.builders.papers import DESK
from tests.builders.people import a_buyer, a_staff
from tests.builders.shops import a_merchant, an_application

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(at):
    at(AT)


def waiting(name, **options):
    found = Application.objects.get(merchant=an_application(display_name=name, at=AT, **options))
    relay.drain_all()
    found.refresh_from_db()
    reviewing.accept(application_id=found.pk, tasks=list(Task), actor=DESK, at=AT)
    return found


def approve(application):
    return reviewing.approve(application_id=application.pk, reason="核对过。", actor=DESK, at=AT)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("Qing\u0441hu\u0430n Tea", "Qingchuan Tea"),
        ("清川茶行", "清川茶行"),
        ("QINGCHUAN  TEA", "Qingchuan Tea"),
        ("Qlngchuan Tea", "Qingchuan Tea"),
    ],
    ids=["cyrillic", "the same", "case and spaces", "l for i"],
)
def test_it_waits_for_words_and_says_whose_name_it_is(name, there):
    a_merchant(display_name=there)
    application = waiting(name)
    assert application.name_like == there
    with pytest.raises(reviewing.NameUnclear) as refused:
        approve(application)
    assert refused.value.params["other"] == there
    assert Merchant.objects.get(pk=application.merchant_id).state == "applied"


@pytest.mark.parametrize("name", ["竹里馆", "清川茶"], ids=["another", "one character less"])
def test_an_honest_name_asks_nobody(name):
    a_merchant(display_name="清川茶行")
    application = waiting(name)
    assert application.name_like == ""
    assert approve(application).state == "trading"
    with pytest.raises(IllegalMove):
        reviewing.clear_name(application_id=application.pk, reason="x", actor=DESK, at=AT)


def test_a_closed_or_unadmitted_shop_s_name_is_free():
    an_application(display_name="清川茶行")
    assert waiting("清川茶行").name_like == ""


class TestTheDesk:
    def press(self, person, application, reason):
        return person.client.post(f"/admin/merchants/application/{application.pk}/name", {"reason": reason})

    def test_lets_it_stay_with_words(self):
        a_merchant(display_name="清川茶行")
        application, desk = waiting("清川茶行"), a_staff(Role.MERCHANT_DESK)
        page = desk.client.get(f"/admin/merchants/application/{application.pk}/change/").content.decode()
        assert f"/admin/merchants/application/{application.pk}/name" in page
        self.press(desk, application, "  ")
        application.refresh_from_db()
        assert application.name_cleared == ""
        self.press(desk, application, "同一家公司的第二家店。")
        application.refresh_from_db()
        assert application.name_cleared == "同一家公司的第二家店。"
        assert approve(application).state == "trading"

    def test_nobody_else_may(self):
        a_merchant(display_name="清川茶行")
        application = waiting("清川茶行")
        for person in (a_buyer(), a_staff(Role.REVIEWER)):
            assert self.press(person, application, "x").status_code in (302, 403, 404)
        application.refresh_from_db()
        assert application.name_cleared == ""
        with pytest.raises(ReasonMissing):
            reviewing.clear_name(application_id=application.pk, reason=" ", actor=DESK, at=AT)

    def test_the_applicant_reads_it_too(self):
        a_merchant(display_name="清川茶行")
        person = a_buyer()
        application = waiting("清川茶行", applicant_id=person.subject_id)
        page = person.client.get(f"/merchant/apply/{application.pk}/").content.decode()
        assert "可能被误认为“清川茶行”" in page


def test_the_database_clears_no_name_that_is_like_nobody_s():
    waiting("竹里馆")
    with (
        pytest.raises(IntegrityError, match="application_name_cleared_was_like_another"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE merchants_application SET name_cleared = 'x'")

"""What is kept of the erased: asked by one officer, approved by another, looked at for minutes, on record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts import joint_acts
from accounts.staff import Role
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders.models import Order
from outbox import relay
from privacy import erasure, kept_data, keys
from privacy.models import AccessRecord, KeptOpening, SubjectKey
from privacy.states import RequestKind
from tests.builders.orders import LIN_WEI, ORDERED, an_order
from tests.builders.people import a_buyer, a_staff
from tests.builders.requests import a_request

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = ORDERED + 70 * DAY
PAGE = "/staff/kept/"
ASKED = {"purpose": "court", "reference": "(2026)沪01民终12号", "reason": "法院要求提供收件地址"}


@pytest.fixture
def officers():
    return a_staff(Role.PRIVACY_OFFICER), a_staff(Role.PRIVACY_OFFICER)


@pytest.fixture
def gone(platform_at):
    """(the erased person's one order, their request)."""
    buyer = a_buyer("林未")
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + 2 * DAY)
    platform_at(ORDERED + 40 * DAY)
    while sweep_all():
        relay.drain_all()
    request = a_request(buyer.subject_id, RequestKind.CLOSE, at=LATE - DAY)
    erasure.erase(request_id=request.pk, actor=Actor.system(), at=LATE)
    platform_at(LATE)
    return Order.objects.get(pk=order.pk), request


def asked(officer, *, by, number, **other):
    return officer.client.post(PAGE, {"by": by, "number": str(number), **ASKED, **other})


def approved(second):
    act = joint_acts.waiting(at=LATE)[0]
    return second.client.post(reverse("staff:joint-decide", args=[act.pk]), {"decision": "confirm"})


def looks(subject_id):
    return AccessRecord.objects.filter(subject_id=subject_id, purpose="privacy.kept")


class TestOverHttp:
    @pytest.mark.parametrize("by", ["certificate", "order", "subject"])
    def test_two_officers_open_it_by_any_number_and_leave_a_line(self, officers, gone, by):
        (first, second), (order, request) = officers, gone
        number = {"certificate": request.number, "order": order.number, "subject": order.subject_id}[by]
        answer = asked(first, by=by, number=number)
        assert answer.status_code == 303
        page = answer["Location"]
        waiting = first.client.get(page)
        assert waiting.status_code == 200
        assert "orders.Order.recipient" in waiting.content.decode()
        assert LIN_WEI.name not in waiting.content.decode()
        assert ASKED["reason"] in second.client.get(page).content.decode()
        assert not looks(order.subject_id).exists()
        approved(second)
        for officer in officers:
            shown = officer.client.get(page)
            assert shown.status_code == 200
            assert {LIN_WEI.name, LIN_WEI.phone} <= set(shown.content.decode().replace("<", ">").split(">"))
            assert "cn.trade.retention" in shown.content.decode()
            assert "no-store" in shown["Cache-Control"]
        lines = looks(order.subject_id)
        assert {line.actor for line in lines} == {
            str(first.actor.kind) + f":{one.subject_id}" for one in officers
        }
        assert "orders.Order.recipient" in lines[0].fields

    def test_not_by_the_one_who_asked(self, officers, gone):
        first, _ = officers
        page = asked(first, by="order", number=gone[0].number)["Location"]
        approved(first)
        assert KeptOpening.objects.get().approved_by is None
        assert LIN_WEI.name not in first.client.get(page).content.decode()

    def test_not_for_a_third_officer_nor_after_the_minutes(self, officers, gone, platform_at):
        first, second = officers
        page = asked(first, by="order", number=gone[0].number)["Location"]
        approved(second)
        assert a_staff(Role.PRIVACY_OFFICER).client.get(page).status_code == 404
        closes = KeptOpening.objects.get().closes_at
        assert closes == LATE + timedelta(minutes=30)
        before = looks(gone[0].subject_id).count()
        platform_at(closes)
        late = first.client.get(page)
        assert late.status_code == 403
        assert LIN_WEI.name not in late.content.decode()
        assert looks(gone[0].subject_id).count() == before

    def test_a_refused_one_is_over(self, officers, gone):
        first, second = officers
        page = asked(first, by="order", number=gone[0].number)["Location"]
        act = joint_acts.waiting(at=LATE)[0]
        second.client.post(reverse("staff:joint-decide", args=[act.pk]), {"decision": "refuse"})
        assert first.client.get(page).status_code == 403

    def test_other_roles_and_shoppers_get_nowhere(self, gone, officers):
        page = asked(officers[0], by="order", number=gone[0].number)["Location"]
        for role in (Role.REVIEWER, Role.SECURITY_OFFICER, Role.AUDITOR):
            other = a_staff(role).client
            assert (other.get(PAGE).status_code, other.get(page).status_code) == (403, 403)
            assert other.post(PAGE, ASKED).status_code == 403
        assert a_buyer().client.get(page).status_code == 404
        assert KeptOpening.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"purpose": ""},
            {"purpose": "curious"},
            {"reason": "x"},
            {"reference": ""},
            {"reference": "an e-mail@example.com"},
            {"number": "NOBODY"},
            {"by": "subject", "number": "not an id"},
        ],
    )
    def test_without_purpose_paper_reason_or_person_nothing_is_asked(self, officers, gone, wrong):
        sent = {"by": "order", "number": gone[0].number, **ASKED, **wrong}
        assert officers[0].client.post(PAGE, sent).status_code == 422
        assert not KeptOpening.objects.exists()
        assert joint_acts.waiting(at=LATE) == []

    def test_nobody_who_lives(self, officers):
        living = a_buyer()
        assert asked(officers[0], by="subject", number=living.subject_id).status_code == 422
        assert not KeptOpening.objects.exists()


class TestWhatIsOver:
    def test_destroyed_keys_open_nothing(self, officers, gone):
        first, second = officers
        order = gone[0]
        page = asked(first, by="order", number=order.number)["Location"]
        approved(second)
        for key in SubjectKey.objects.filter(subject_id=order.subject_id, use="kept"):
            keys.destroy_kept(subject_id=order.subject_id, version=key.version, at=LATE)
        assert first.client.get(page).status_code == 409
        assert asked(first, by="order", number=order.number).status_code == 422
        assert KeptOpening.objects.count() == 1

    def test_nor_a_key_whose_day_has_passed_before_the_sweep_came(self, officers, gone):
        order = gone[0]
        last = SubjectKey.objects.filter(subject_id=order.subject_id, use="kept").latest("destroy_after")
        at, officer = last.destroy_after, officers[0].actor
        assert kept_data.keys.kept(order.subject_id, at) == []
        with pytest.raises(kept_data.NothingKept):
            kept_data.ask(subject_id=order.subject_id, **ASKED, actor=officer, at=at)
        with (
            keys.opening_kept(actor=officer, subject_id=order.subject_id, purpose="late", at=at),
            pytest.raises(keys.KeyRestricted),
        ):
            str(Order.objects.get(pk=order.pk).recipient)


class TestBySql:
    def refused(self, sql, *values):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql, values)

    def test_the_database_refuses_what_two_officers_did_not_do(self, officers, gone):
        first, second = officers
        asked(first, by="order", number=gone[0].number)
        one = KeptOpening.objects.get()
        approve = "UPDATE privacy_keptopening SET approved_by=%s, approved_at=%s, closes_at=%s"
        self.refused(approve, first.subject_id, LATE, LATE + timedelta(minutes=30))
        self.refused(approve, second.subject_id, LATE, LATE + timedelta(hours=5))
        self.refused(approve, second.subject_id, LATE, LATE)
        self.refused("UPDATE privacy_keptopening SET purpose='claim'")
        self.refused("UPDATE privacy_keptopening SET reference=''")
        self.refused("DELETE FROM privacy_keptopening")
        living = a_buyer().subject_id
        copied = (
            "INSERT INTO privacy_keptopening (id, subject_id, purpose, reference, reason, asked_by, asked_at)"
            " SELECT %s, %s, %s, reference, reason, asked_by, asked_at FROM privacy_keptopening"
        )
        self.refused(copied, uuid4(), living, "court")
        self.refused(copied, uuid4(), gone[0].subject_id, "curious")
        approved(second)
        self.refused("UPDATE privacy_keptopening SET closes_at = closes_at + interval '1 hour'")
        one.refresh_from_db()
        assert one.closes_at == LATE + timedelta(minutes=30)

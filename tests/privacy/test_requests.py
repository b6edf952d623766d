"""Requests about one's data: received on any channel, under the clock of the person's law, ended once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from accounts.staff import Role
from deadlines import booking
from evidence.models import Leaf
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.ids import new_id
from privacy import deadlines, requests, subjects
from privacy.handlers import on_answer_due
from privacy.models import Request, RequestMove, Subject
from privacy.states import Channel, Identity, RequestKind, RequestState
from tests.builders.orders import a_subject
from tests.builders.people import a_staff
from tests.builders.requests import ASKED, a_request, a_request_by_telephone

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def clock_of(request):
    return booking.find(kind=deadlines.ANSWER, reference=request.pk)


@pytest.fixture
def officer():
    return a_staff(Role.PRIVACY_OFFICER).actor


class TestAsking:
    def test_the_law_of_the_persons_place_gives_the_clock(self):
        for place, rule, due in (
            ("CN", "cn.privacy.request", datetime(2026, 12, 14, 16, 0, tzinfo=UTC)),
            ("DE", "gdpr.request.answer", datetime(2026, 12, 23, 23, 0, tzinfo=UTC)),
            ("GB", "uk.request.answer", datetime(2026, 12, 24, 0, 0, tzinfo=UTC)),
            ("HK", "hk.request.answer", None),
            ("JP", "policy.silence.data_request", None),
            ("BR", "policy.silence.data_request", datetime(2026, 12, 14, 16, 0, tzinfo=UTC)),
        ):
            person = a_subject()
            subjects.change_place(subject_id=person, place=place, actor=Actor.buyer(person), at=ASKED)
            clock = clock_of(a_request(person))
            assert clock.rule_id == rule
            assert due is None or clock.due_at == due, place

    def test_it_is_sealed_and_leaves_a_trail_and_a_leaf_per_step(self):
        request = a_request(a_subject())
        assert (request.state, request.identity) == (RequestState.OPEN, Identity.PROVED)
        assert [move.name for move in request.moves.order_by("id")] == ["receive", "check_identity"]
        assert Leaf.objects.filter(reference=request.pk).count() == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT details FROM privacy_request WHERE id = %s", [request.pk])
            assert "林未".encode() not in bytes(cursor.fetchone()[0])
        assert Request.objects.get(pk=request.pk).details.startswith("我的名字")

    @pytest.mark.parametrize("kind", [RequestKind.COPY, RequestKind.ERASE])
    def test_asking_twice_leads_to_the_one_that_runs(self, kind):
        person = a_subject()
        assert a_request(person, kind).pk == a_request(person, kind).pk

    def test_corrections_may_be_many(self):
        person = a_subject()
        assert a_request(person).pk != a_request(person).pk

    def test_nobody_asks_for_somebody_else(self):
        with pytest.raises(NotFound):
            requests.ask(
                subject_id=a_subject(), kind=RequestKind.COPY, actor=Actor.buyer(a_subject()), at=ASKED
            )
        with pytest.raises(NotFound):
            a_request(uuid4())

    def test_a_text_without_end_is_refused(self):
        with pytest.raises(requests.WordsTooLong):
            a_request(a_subject(), details="字" * 4001)

    def test_a_place_that_is_no_country_is_refused(self):
        person = a_subject()
        for place in ("EU", "cn", "", "XX", "中国"):
            with pytest.raises(subjects.PlaceUnknown):
                subjects.change_place(subject_id=person, place=place, actor=Actor.buyer(person), at=ASKED)
        with pytest.raises(NotFound):
            subjects.change_place(subject_id=person, place="DE", actor=Actor.buyer(a_subject()), at=ASKED)


class TestByTelephone:
    def test_nothing_is_done_before_an_officer_knows_that_it_is_the_person(self, officer):
        request = a_request_by_telephone(a_subject(), officer, RequestKind.COPY)
        assert (request.state, request.channel) == (RequestState.RECEIVED, Channel.PHONE)
        assert clock_of(request) is not None and not hasattr(request, "copy")
        with pytest.raises(IllegalMove):
            requests.answer(request_id=request.pk, text="给你", actor=officer, at=ASKED)
        with pytest.raises(requests.WordsMissing):
            requests.check_identity(request_id=request.pk, how=" ", actor=officer, at=ASKED)
        found = requests.check_identity(
            request_id=request.pk, how="回拨了订单上的号码", actor=officer, at=ASKED
        )
        assert (found.state, found.identity) == (RequestState.OPEN, Identity.OFFICER)
        assert found.copy.state == "waiting"

    def test_nobody_works_on_their_own_request(self, officer):
        request = a_request(officer.subject_id)
        for step, words in (
            (requests.answer, "text"),
            (requests.refuse, "reasons"),
            (requests.extend, "reasons"),
        ):
            with pytest.raises(requests.OwnRequest):
                step(request_id=request.pk, actor=officer, at=ASKED, **{words: "好"})

    def test_a_shopper_is_no_officer(self):
        request = a_request(a_subject())
        with pytest.raises(NotFound):
            requests.answer(request_id=request.pk, text="好", actor=Actor.buyer(a_subject()), at=ASKED)


class TestEnding:
    def test_an_answer_meets_the_clock_and_comes_once(self, officer):
        request = a_request(a_subject())
        requests.answer(request_id=request.pk, text="改好了。", actor=officer, at=ASKED + DAY)
        assert [each.state for each in booking.of(request.pk)] == ["met"]
        for again in (
            lambda: requests.answer(request_id=request.pk, text="又一次", actor=officer, at=ASKED),
            lambda: requests.refuse(request_id=request.pk, reasons="不", actor=officer, at=ASKED),
            lambda: requests.withdraw(request_id=request.pk, actor=Actor.buyer(request.subject_id), at=ASKED),
        ):
            with pytest.raises(IllegalMove):
                again()

    def test_a_refusal_needs_reasons(self, officer):
        request = a_request(a_subject())
        with pytest.raises(requests.WordsMissing):
            requests.refuse(request_id=request.pk, reasons="", actor=officer, at=ASKED)
        requests.refuse(request_id=request.pk, reasons="同样的请求上周答复过。", actor=officer, at=ASKED)
        assert Request.objects.get(pk=request.pk).refusal == "同样的请求上周答复过。"

    def test_more_time_only_where_the_law_gives_it_and_once(self, officer):
        person = a_subject()
        with pytest.raises(deadlines.NoMoreTime):
            requests.extend(request_id=a_request(person).pk, reasons="多", actor=officer, at=ASKED)
        subjects.change_place(subject_id=person, place="DE", actor=Actor.buyer(person), at=ASKED)
        request = a_request(person)
        requests.extend(request_id=request.pk, reasons="要问三家店。", actor=officer, at=ASKED + DAY)
        assert clock_of(request).due_at == datetime(2027, 2, 23, 23, 0, tzinfo=UTC)
        with pytest.raises(Exception, match="extended"):
            requests.extend(request_id=request.pk, reasons="再多", actor=officer, at=ASKED + 2 * DAY)

    def test_silence_sends_it_to_a_senior_once(self):
        request = a_request(a_subject())
        due = clock_of(request).due_at
        for _ in range(2):
            on_answer_due(reference=request.pk, due_at=due, at=due)
        request.refresh_from_db()
        assert (request.state, request.overdue_at) == (RequestState.OPEN, due)
        assert request.moves.filter(name="overdue").count() == 1

    def test_an_erasure_can_be_taken_back_until_the_last_moment(self):
        person = a_subject()
        request = a_request(person, RequestKind.ERASE)
        assert request.state == RequestState.COOLING_OFF and len(request.token) >= 40
        assert request.erase_after == datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
        requests.withdraw(request_id=request.pk, actor=Actor.buyer(person), at=request.erase_after)
        assert not booking.open_for([request.pk])
        assert a_request(person, RequestKind.ERASE).pk != request.pk


class TestTheDatabaseRefuses:
    def attacked(self, statement, *values):
        refused = pytest.raises((IntegrityError, InternalError))
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_a_second_ending(self, officer):
        request = a_request(a_subject())
        requests.answer(request_id=request.pk, text="改好了。", actor=officer, at=ASKED)
        self.attacked("UPDATE privacy_request SET state = 'refused' WHERE id = %s", request.pk)
        self.attacked("UPDATE privacy_request SET state = 'open', closed_at = NULL WHERE id = %s", request.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            RequestMove.objects.create(
                request=request, name="refuse", from_state="open", to_state="refused", actor="x", at=ASKED
            )
        self.attacked("UPDATE privacy_requestmove SET actor = 'x' WHERE request_id = %s", request.pk)
        self.attacked("DELETE FROM privacy_requestmove WHERE request_id = %s", request.pk)

    def test_doing_anything_for_somebody_unknown(self, officer):
        request = a_request_by_telephone(a_subject(), officer)
        self.attacked("UPDATE privacy_request SET state = 'open' WHERE id = %s", request.pk)

    def test_two_erasures_of_one_person(self):
        request = a_request(a_subject(), RequestKind.ERASE)
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.create(
                number="P0", subject_id=request.subject_id, kind="erase", state="received", channel="web",
                place="CN", token="t", received_at=ASKED,
            )  # fmt: skip

    def test_a_new_key_for_the_erased_and_coming_back_to_life(self):
        person = a_subject()
        Subject.objects.filter(pk=person).update(erased_at=ASKED)
        self.attacked("UPDATE privacy_subject SET erased_at = NULL WHERE id = %s", person)
        self.attacked(
            "INSERT INTO privacy_subjectkey (id, subject_id, version, master_version, wrapped, created_at)"
            " VALUES (%s, %s, 9, 1, 'x', now())",
            new_id(),
            person,
        )

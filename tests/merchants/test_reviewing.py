"""The desk reviews: what registers said, accept, send back, admit, turn down, appeal, silence."""

from datetime import UTC, datetime

import pytest

from accounts.staff import Role
from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from merchants import appeals, applying, checking, documents, handing_in, parties, reviewing
from merchants.application_tasks import Task
from merchants.models import ApplicationTask, Check, Document, Merchant, MerchantMove
from merchants.moving import ReasonMissing
from notifications.models import Letter
from outbox import relay
from tests.builders.applications import a_handed_in_application, an_admitted_application, answers
from tests.builders.papers import DESK
from tests.builders.people import a_buyer, a_staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def person():
    return a_buyer("沈禾")


@pytest.fixture
def application(person):
    return a_handed_in_application(applicant_id=person.subject_id, at=AT)


def state(application):
    return Merchant.objects.get(pk=application.merchant_id).state


class TestChecks:
    def test_every_claim_was_put_to_a_register(self, application):
        said = {(each.what, each.kind): each.result for each in checking.latest(application.merchant_id)}
        assert said == {
            ("register", "business_licence"): "matched",
            ("person", "owner"): "matched",
            ("account", ""): "matched",
        }
        assert Check.objects.get(what="account").masked == "***************0004"

    @pytest.mark.parametrize(
        ("tail", "result"),
        [("404", "unknown"), ("403", "not_matched"), ("410", "ended"), ("503", "unavailable")],
    )
    def test_the_sandbox_answers_by_rule(self, tail, result):
        from merchants.registers import Question, SandboxRegister

        asked = Question(what="licence", name="清川", number=f"JY11101010000{tail}", kind="food_business")
        assert SandboxRegister().ask(asked) == result

    def test_without_a_register_nothing_is_guessed(self, settings, application):
        settings.SANDBOX = False
        checking.ask_about(merchant_id=application.merchant_id, at=AT)
        assert {each.result for each in checking.latest(application.merchant_id)} == {"unavailable"}


class TestReview:
    def test_all_accepted_it_is_admitted(self, application, person):
        reviewing.accept(application_id=application.pk, tasks=list(Task), actor=DESK, at=AT)
        reviewing.approve(application_id=application.pk, reason="核对过。", actor=DESK, at=AT)
        assert state(application) == "trading"
        assert documents.holds(application.merchant_id, "business_licence", at=AT)
        assert Deadline.objects.get(kind="merchants.application").state == State.MET
        assert Letter.objects.get(subject_id=person.subject_id).kind == "merchants.application_approved"

    @pytest.mark.parametrize("left", list(Task))
    def test_one_task_not_accepted_is_enough_to_wait(self, application, left):
        tasks = [task for task in Task if task is not left]
        reviewing.accept(application_id=application.pk, tasks=tasks, actor=DESK, at=AT)
        with pytest.raises(reviewing.NotAllAccepted):
            reviewing.approve(application_id=application.pk, reason="好", actor=DESK, at=AT)
        assert state(application) == "applied"

    def test_sent_back_with_reasons_and_handed_in_again(self, application, person):
        with pytest.raises(ReasonMissing):
            reviewing.send_back(application_id=application.pk, reasons={}, actor=DESK, at=AT)
        reasons = {Task.RETURNS: "地址少了门牌号。"}
        reviewing.send_back(application_id=application.pk, reasons=reasons, actor=DESK, at=AT)
        row = ApplicationTask.objects.get(application=application, name="returns")
        assert (row.state, row.reason) == ("sent_back", "地址少了门牌号。")
        assert state(application) == "preparing"
        assert Letter.objects.get(subject_id=person.subject_id).kind == "merchants.application_sent_back"
        with pytest.raises(handing_in.TasksOpen):
            handing_in.hand_in(application_id=application.pk, actor=person.actor, at=AT)
        applying.save(
            application_id=application.pk,
            task=Task.RETURNS,
            answers=answers(Task.RETURNS),
            actor=person.actor,
            at=AT,
        )
        handing_in.hand_in(application_id=application.pk, actor=person.actor, at=AT)
        assert state(application) == "applied"
        assert Document.objects.count() == 1

    def test_turned_down_with_reasons_the_letter_leads_to_the_appeal(self, application, person):
        with pytest.raises(ReasonMissing):
            reviewing.refuse(application_id=application.pk, reason=" ", actor=DESK, at=AT)
        assert state(application) == "applied"
        reviewing.refuse(application_id=application.pk, reason="执照已注销。", actor=DESK, at=AT)
        assert state(application) == "closed"
        refused = MerchantMove.objects.get(name="refuse")
        letter = Letter.objects.get(subject_id=person.subject_id)
        assert letter.params["path"].endswith(f"/appeals/application/{refused.pk}/")

    def test_an_upheld_appeal_puts_it_before_the_desk_again(self, application, person):
        reviewing.refuse(application_id=application.pk, reason="执照已注销。", actor=DESK, at=AT)
        refused = MerchantMove.objects.get(name="refuse")
        appeal = appeals.file(
            merchant_id=application.merchant_id,
            about="application",
            reference=refused.pk,
            text="执照没有注销，附查询结果。",
            actor=person.actor,
            at=AT,
        )
        other = Actor.staff(new_id())
        appeals.decide(appeal_id=appeal.pk, upheld=True, reasons="执照有效。", actor=other, at=AT)
        relay.drain_all()
        assert state(application) == "applied"
        assert Deadline.objects.filter(kind="merchants.application", state=State.OPEN).count() == 1

    def test_decided_is_decided(self, person):
        application = an_admitted_application(applicant_id=person.subject_id, at=AT)
        with pytest.raises(IllegalMove):
            reviewing.refuse(application_id=application.pk, reason="x", actor=DESK, at=AT)

    def test_nobody_reviews_a_shop_of_their_own(self):
        staff = a_staff(Role.MERCHANT_DESK)
        application = a_handed_in_application(applicant_id=staff.subject_id, at=AT)
        for step in (
            lambda: reviewing.accept(
                application_id=application.pk, tasks=list(Task), actor=staff.actor, at=AT
            ),
            lambda: reviewing.refuse(application_id=application.pk, reason="x", actor=staff.actor, at=AT),
        ):
            with pytest.raises(parties.PartyMayNotAct):
                step()
        assert state(application) == "applied"

    def test_silence_leads_to_a_senior(self, application, platform_at):
        senior = a_staff(Role.SENIOR)
        due = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
        platform_at(due)
        sweep()
        relay.drain_all()
        application.refresh_from_db()
        assert application.overdue_at == due
        assert Letter.objects.filter(subject_id=senior.subject_id, kind="merchants.review_overdue").exists()

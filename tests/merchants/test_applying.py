"""An application task by task: left, taken up again, handed in whole, given up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from deadlines.models import Deadline, State
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.ids import new_id
from merchants import applying, documents, handing_in, onboarding, payout_accounts
from merchants.application_tasks import Task, tasks_for
from merchants.models import Acceptance, Application, ApplicationTask, Document, Merchant
from outbox import relay
from privacy.subjects import create_subject
from tests.builders.applications import (
    SHOP,
    a_handed_in_application,
    an_open_application,
    answers,
    pictures,
)
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def applicant():
    return create_subject(locale="zh-hans", at=AT).pk


@pytest.fixture
def application(applicant):
    return applying.start(applicant_id=applicant, kind="company", actor=Actor.buyer(applicant), at=AT)


def save(application, task, given=None, uploads=None):
    actor = Actor.buyer(application.applicant_id)
    return applying.save(
        application_id=application.pk,
        task=task,
        answers=answers(task) if given is None else given,
        uploads=uploads,
        actor=actor,
        at=AT,
    )


def hand_in(application):
    actor = Actor.buyer(application.applicant_id)
    return handing_in.hand_in(application_id=application.pk, actor=actor, at=AT)


class TestStart:
    def test_once_begun_it_is_gone_on_with(self, applicant, application):
        again = applying.start(applicant_id=applicant, kind="private", actor=Actor.buyer(applicant), at=AT)
        assert again == application
        assert Merchant.objects.get().state == "preparing"
        clock = Deadline.objects.get(kind="merchants.application_draft")
        assert (clock.reference, clock.owner) == (application.merchant_id, "merchant")

    def test_a_private_seller_has_no_owner_task(self):
        assert Task.OWNER not in tasks_for("private")
        assert tasks_for("company") == tuple(Task)


class TestSave:
    def test_what_is_wrong_is_kept_and_named(self, application):
        saved = save(application, Task.IDENTITY, {"kind": "company", "legal_name": "清川", "number": "91"})
        assert saved.task.state == "saved"
        assert set(saved.problems) == {"display_name", "number", "address_public", "file"}
        row = ApplicationTask.objects.get(application=application, name="identity")
        assert applying.answers_of(row)["legal_name"] == "清川"

    def test_a_picture_stays_while_the_rest_is_put_right(self, application):
        given = answers(Task.IDENTITY, number="91")
        first = save(application, Task.IDENTITY, given, pictures(Task.IDENTITY))
        assert set(first.problems) == {"number"}
        assert save(application, Task.IDENTITY).problems == {}

    def test_a_refused_file_changes_nothing(self, application):
        with pytest.raises(documents.NoPaper):
            film = a_jpeg_upload("a.mp4", b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64)
            save(application, Task.IDENTITY, uploads={"file": film})
        assert ApplicationTask.objects.get(application=application, name="identity").state == "todo"

    @pytest.mark.parametrize(
        ("task", "changes", "wrong"),
        [
            (Task.OWNER, {"number": "110101199003070012"}, {"number"}),
            (Task.OWNER, {"name": ""}, {"name"}),
            (Task.PAYOUT, {"holder": "别人"}, {"holder"}),
            (Task.PAYOUT, {"number": "12"}, {"number"}),
            (Task.PAYOUT, {"deposit": ""}, {"deposit"}),
            (Task.RETURNS, {"address": " "}, {"address"}),
            (Task.RETURNS, {"phone": "call me"}, {"phone"}),
            (Task.CONTACTS, {"contact_public": ""}, {"contact_public"}),
            (Task.CONTRACT, {"data_agreement": ""}, {"data_agreement"}),
            (Task.CONTRACT, {"platform_rules": "0"}, {"platform_rules"}),
            (Task.PERMITS, {"sells": ""}, {"sells"}),
            (Task.PERMITS, {"sells": "some"}, {"sells"}),
            (Task.PERMITS, {"sells": "some", "kind": "food_business", "number": "JY1"}, {"number", "file"}),
            (Task.TRAINING, {}, {"quiz"}),
        ],
    )
    def test_each_gap_is_named(self, application, task, changes, wrong):
        save(application, Task.IDENTITY, uploads=pictures(Task.IDENTITY))
        saved = save(application, task, {**answers(task), **changes})
        assert set(saved.problems) == wrong
        assert saved.task.state == "saved"

    def test_a_whole_permit_becomes_a_document(self, application):
        given = {"sells": "some", "kind": "food_business", "number": "JY11101010000001"}
        saved = save(application, Task.PERMITS, given, {"file": a_jpeg_upload()})
        assert saved.problems == {}
        document = Document.objects.get()
        assert (document.kind, document.number) == ("food_business", "JY11101010000001")
        # The fields are free for the next one.
        assert applying.answers_of(saved.task) == {"sells": "some"}

    def test_another_legal_name_opens_the_account_again(self, applicant):
        application = an_open_application(applicant_id=applicant, at=AT)
        save(application, Task.IDENTITY, answers(Task.IDENTITY, legal_name="另一家有限公司"))
        assert ApplicationTask.objects.get(application=application, name="payout").state == "saved"

    def test_what_was_typed_lies_sealed(self, application):
        save(application, Task.OWNER)
        with connection.cursor() as cursor:
            cursor.execute("SELECT answers FROM merchants_applicationtask WHERE name = 'owner'")
            raw = bytes(cursor.fetchone()[0])
        assert "沈禾".encode() not in raw and b"19900307" not in raw


class TestHandIn:
    @pytest.mark.parametrize("left", list(Task))
    def test_one_open_task_is_enough_to_refuse(self, applicant, left):
        application = an_open_application(applicant_id=applicant, at=AT, without=(left,))
        with pytest.raises(handing_in.TasksOpen) as refused:
            hand_in(application)
        assert str(left) in refused.value.params["tasks"]
        application.merchant.refresh_from_db()
        assert application.merchant.state == "preparing"
        assert not Acceptance.objects.exists() and not Document.objects.exists()

    def test_the_answers_become_the_shop_s(self, applicant):
        application = an_open_application(applicant_id=applicant, at=AT)
        merchant = hand_in(application)
        assert (merchant.state, merchant.slug, merchant.legal_name) == (
            "applied",
            "qing-chuan-cha-xing",
            SHOP,
        )
        assert merchant.contact_phone == "13800000000"
        accepted = Acceptance.objects.filter(merchant=merchant).values_list("text_key", flat=True)
        assert set(accepted) == {"merchant_contract", "platform_rules", "data_agreement"}
        account = payout_accounts.current(merchant.pk)
        assert (account.holder, account.number) == (SHOP, "6222020200112230004")
        application.refresh_from_db()
        assert application.deposit_minor == 500000
        clock = Deadline.objects.get(kind="merchants.application")
        # Monday 11:00: Tuesday and Wednesday are the two working days.
        assert clock.due_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
        assert Deadline.objects.get(kind="merchants.application_draft").state == State.MET
        assert Document.objects.get().kind == "business_licence"

    def test_a_private_seller_s_number_is_nobody_s_to_read(self, applicant):
        application = an_open_application(applicant_id=applicant, at=AT, kind="private")
        merchant = hand_in(application)
        assert (merchant.licence_number, merchant.declaration) == ("", "handicraft")
        assert Document.objects.get().back is not None

    def test_one_licence_is_under_review_once(self, applicant):
        first = a_handed_in_application(applicant_id=applicant, at=AT)
        application = an_open_application(applicant_id=applicant, at=AT)
        same = {"number": first.merchant.licence_number}
        save(application, Task.IDENTITY, answers(Task.IDENTITY, **same))
        with pytest.raises(onboarding.AlreadyApplied):
            hand_in(application)

    def test_after_it_nothing_can_be_changed(self, applicant):
        application = a_handed_in_application(applicant_id=applicant, at=AT)
        with pytest.raises(IllegalMove):
            save(application, Task.CONTACTS)
        with pytest.raises(IllegalMove):
            hand_in(application)


class TestGivingUp:
    def test_what_was_typed_goes(self, applicant):
        application = an_open_application(applicant_id=applicant, at=AT)
        applying.give_up(application_id=application.pk, reason="不卖了", actor=Actor.buyer(applicant), at=AT)
        assert set(ApplicationTask.objects.values_list("answers", flat=True)) == {None}
        assert Merchant.objects.get().state == "closed"
        # What the person learnt stays theirs, and ends in its own time.
        running = Deadline.objects.filter(state=State.OPEN)
        assert list(running.values_list("kind", flat=True)) == ["merchants.training_ends"]

    def test_forgotten_for_ninety_days_it_is_closed(self, application, platform_at):
        platform_at(AT + timedelta(days=89))
        sweep()
        relay.drain_all()
        assert Merchant.objects.get().state == "preparing"
        platform_at(AT + timedelta(days=91))
        sweep()
        relay.drain_all()
        assert Merchant.objects.get().state == "closed"


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE merchants_applicationtask SET state = 'fine'", "application_task_state_is_known"),
        ("UPDATE merchants_applicationtask SET name = 'poem'", "application_task_is_known"),
        ("UPDATE merchants_applicationtask SET state = 'sent_back'", "application_task_sent_back_says_why"),
        ("UPDATE merchants_application SET decided_at = now()", "application_decided_was_handed_in"),
        ("UPDATE merchants_merchant SET state = 'applied'", "merchant_names_itself"),
        ("UPDATE merchants_merchant SET state = 'trading'", "merchant_"),
    ],
)
def test_the_database_refuses_what_cannot_be(application, sql, rule):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_only_one_account_at_a_time(applicant):
    application = a_handed_in_application(applicant_id=applicant, at=AT)
    held = payout_accounts.current(application.merchant_id)
    with pytest.raises(IntegrityError, match="one_payout_account"), transaction.atomic():
        held.id = new_id()
        held.holder, held.number = "x", "1"
        held.save(force_insert=True)
    assert Application.objects.count() == 1

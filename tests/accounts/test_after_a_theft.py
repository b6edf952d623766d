"""What a recovery leaves of a thief: no browser that is known, and a word to the contact that goes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from accounts import contacts, freezing, post, sessions
from accounts.models import KnownDevice, SentMessage
from accounts.staff import Role
from config.retention import sent_messages
from kernel import clock
from kernel.actor import Actor
from notifications import addressees, checking
from privacy.models import LookUp
from tests.accounts.conftest import CODE
from tests.builders.people import a_buyer, a_staff, a_visitor

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def lin():
    return a_buyer(email="lin@example.com")


def greeted(person, cookie, at):
    sessions.greet(user=person.user, cookie=cookie, device="phone", browser="safari", link="/x", at=at)


class TestRecover:
    def test_forgets_the_browsers_of_the_time_and_keeps_older_ones(self, lin):
        at = clock.now()
        greeted(lin, "a" * 43, at - 60 * DAY)
        greeted(lin, "b" * 43, at - DAY)
        old = KnownDevice.objects.order_by("first_at").first()
        freezing.freeze(subject_id=lin.subject_id, actor=Actor.anonymous(), at=at)
        freezing.recover(subject_id=lin.subject_id, actor=Actor.system(), at=at)
        assert list(KnownDevice.objects.filter(user=lin.user)) == [old]

    @pytest.mark.parametrize(
        ("language", "subject"),
        [
            ("zh-hans", "这个联系方式已从一个账号中去掉"),
            ("zh-hant", "這個聯絡方式已從一個帳號中移除"),
            ("en", "This contact was taken out of an account"),
        ],
    )
    def test_writes_to_the_contact_that_goes(
        self, lin, settings, language, subject, django_capture_on_commit_callbacks
    ):
        settings.BASE_URL = "https://anxin.example"
        at = clock.now()
        addressees.record(subject_id=lin.subject_id, locale=language, at=at)
        change = contacts.change_email(user_id=lin.user.pk, address="thief@example.org", at=at)
        with django_capture_on_commit_callbacks(execute=True):
            contacts.undo(change_id=change.pk, at=at + DAY)
        assert addressees.of(lin.subject_id).email == "lin@example.com"
        message = mail.outbox[-1]
        assert (message.to, message.subject) == (["thief@example.org"], subject)
        assert "https://anxin.example/account/recovery/" in message.body
        assert "lin@example.com" not in message.body

    def test_a_mail_server_that_is_away_doesn_t_stop_it(
        self, lin, monkeypatch, django_capture_on_commit_callbacks
    ):
        at = clock.now()
        change = contacts.change_email(user_id=lin.user.pk, address="thief@example.org", at=at)

        def away(*_args, **_kwargs):
            raise OSError

        monkeypatch.setattr("accounts.post.EmailMessage.send", away)
        with django_capture_on_commit_callbacks(execute=True):
            contacts.undo(change_id=change.pk, at=at + DAY)
        assert addressees.of(lin.subject_id).email == "lin@example.com"


class TestCheckNumbers:
    def test_of_a_code_by_mail_and_by_text_are_known_and_say_no_more_than_its_kind(self, lin, texts):
        contacts.change_phone(user_id=lin.user.pk, number="13800001111", at=clock.now())
        for contact in ("lin@example.com", "13800001111"):
            a_visitor().client.post("/accounts/login/code/", {"email": contact})
        for said in (mail.outbox[-1].body, texts()[-1]["text"]):
            sent = next(one for one in SentMessage.objects.all() if checking.spelt(one.check_number) in said)
            page = a_visitor().client.post("/really/", {"number": sent.check_number}).content.decode()
            assert "是的" in page and "登录验证码" in page
            assert "lin@" not in page and "1380000" not in page and not CODE.search(page)
        assert str(SentMessage.objects.values()).count("lin@") == 0

    def test_are_twelve_digits_and_one_message_s(self, lin):
        post.write(
            "account/email/login_code",
            contact=post.Contact("x@example.com", "en"),
            context={},
            at=clock.now(),
        )
        for change in ("'12'", "'x'"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE accounts_sentmessage SET check_number = {change}")

    def test_go_after_their_days(self, lin):
        contact = post.Contact("x@example.com", "en")
        for days in (100, 1):
            post.write("account/email/login_code", contact=contact, context={}, at=clock.now() - days * DAY)
        assert sent_messages(at=clock.now(), limit=10) == 1
        assert SentMessage.objects.get().at > clock.now() - 2 * DAY


class TestStaffLookUps:
    @pytest.mark.parametrize(
        ("role", "path", "more"),
        [
            (Role.SECURITY_OFFICER, "/staff/call/", {}),
            (Role.SECURITY_OFFICER, "/staff/roles/", {"step": "appoint", "role": "reviewer"}),
            (Role.SECURITY_OFFICER, "/staff/on-behalf/", {"step": "accounts.freeze_for"}),
        ],
    )
    def test_nobody_there_is_on_record_too(self, role, path, more):
        officer = a_staff(role)
        answer = officer.client.post(path, {"email": "nobody@example.com", **more})
        assert answer.status_code == 422 and "没有用这个邮箱或手机号的账号" in answer.content.decode()
        line = LookUp.objects.get()
        assert line.subject_id is None and str(officer.subject_id) in line.actor
        assert "nobody" not in str(vars(line)) and line.reference

    def test_an_account_with_a_number_only_is_found_by_it(self, lin):
        contacts.change_phone(user_id=lin.user.pk, number="13800001111", at=clock.now())
        officer = a_staff(Role.SECURITY_OFFICER)
        page = officer.client.post("/staff/call/", {"email": "+86 138 0000 1111"})
        assert page.status_code == 200 and LookUp.objects.get().subject_id == lin.subject_id

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM, Role.LAW_EDITOR, Role.MONEY_DESK])
    def test_who_calls_nobody_has_no_page_for_it(self, role):
        officer = a_staff(role)
        assert officer.client.get("/staff/call/").status_code == 403
        assert officer.client.post("/staff/call/", {"email": "lin@example.com"}).status_code == 403
        assert "/staff/call/" not in officer.client.get("/admin/").content.decode()
        assert not LookUp.objects.exists()

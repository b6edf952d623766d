"""Is this really from you? A number for letters, a code for calls, a desk for those who pretend."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from accounts.models import CallCode, LookalikeReport
from accounts.staff import Role
from kernel import clock
from kernel.ids import new_id
from notifications import checking
from notifications.delivery import deliver_due
from notifications.models import Letter
from notifications.sending import send
from privacy.models import AccessRecord
from tests.builders.people import a_buyer, a_staff, a_visitor

pytestmark = pytest.mark.django_db

CHECK = "/really/"


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def a_letter(person):
    params = {"path": "/account/"}
    return send(
        subject_id=person.subject_id,
        kind="accounts.password_changed",
        reference=new_id(),
        params=params,
        at=clock.now(),
    )


class TestLetters:
    def test_carry_their_number_in_the_mail_and_on_the_page(self, settings):
        settings.BASE_URL = "https://anxin.example"
        person = a_buyer()
        letter = a_letter(person)
        deliver_due(limit=50, at=clock.now() + timedelta(minutes=1))
        number = checking.spelt(letter.check_number)
        assert number in mail.outbox[-1].body and "https://anxin.example/really/" in mail.outbox[-1].body
        page = person.client.get(reverse("notifications:letter", args=[letter.pk])).content.decode()
        assert letter.check_number in page

    def test_are_known_by_it_with_their_beginning_only(self):
        person, stranger = a_buyer(), a_visitor()
        letter = a_letter(person)
        typed = checking.spelt(letter.check_number)
        page = stranger.client.post(CHECK, {"number": typed}).content.decode()
        assert "是的" in page and str(letter.pk) not in page
        mine = person.client.post(CHECK, {"number": typed}).content.decode()
        assert str(letter.pk) in mine
        other = a_buyer().client.post(CHECK, {"number": typed}).content.decode()
        assert str(letter.pk) not in other

    @pytest.mark.parametrize("number", ["000000000000", "12", "x" * 12, "１２３４５６７８９０１２", "1" * 13])
    def test_that_we_never_wrote_are_called_so(self, number):
        a_letter(a_buyer())
        page = a_visitor().client.post(CHECK, {"number": number}).content.decode()
        assert "没有写过" in page

    def test_an_old_letter_without_a_number_is_not_found_by_nothing(self):
        letter = a_letter(a_buyer())
        Letter.objects.filter(pk=letter.pk).update(check_number="")
        assert checking.letter_with("") is None

    def test_guessing_is_slow(self):
        visitor = a_visitor().client
        answers = [visitor.post(CHECK, {"number": f"{n:012d}"}).status_code for n in range(12)]
        assert answers[0] == 200 and answers[-1] == 429

    def test_two_letters_never_share_one(self):
        first, second = a_letter(a_buyer()), a_letter(a_buyer())
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=second.pk).update(check_number=first.check_number)


class TestCalls:
    def test_the_called_person_sees_the_callers_code_and_nobody_else_does(self):
        person, caller = a_buyer(), a_staff(Role.MERCHANT_DESK)
        page = caller.client.post(reverse("staff:call"), {"email": person.email})
        made = CallCode.objects.get()
        assert made.code in page.content.decode()
        assert made.code in person.client.get(CHECK).content.decode()
        assert made.code not in a_buyer().client.get(CHECK).content.decode()
        assert made.code not in a_visitor().client.get(CHECK).content.decode()

    def test_a_code_is_over_soon(self, at):
        person, caller = a_buyer(), a_staff()
        caller.client.post(reverse("staff:call"), {"email": person.email})
        made = CallCode.objects.get()
        at(made.ends_at)
        assert made.code not in person.client.get(CHECK).content.decode()

    def test_sql_can_not_lengthen_it(self):
        person, caller = a_buyer(), a_staff()
        caller.client.post(reverse("staff:call"), {"email": person.email})
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            connection.cursor().execute("UPDATE accounts_callcode SET ends_at = ends_at + interval '1 d'")


class TestReports:
    def test_reach_the_security_desk_which_leaves_a_line(self):
        person, officer = a_buyer(), a_staff(Role.SECURITY_OFFICER)
        sent = {"address": "https://anxln.example/login?u=me@example.com", "words": "他们要验证码"}
        assert person.client.post(reverse("really:report"), sent).status_code == 303
        found = LookalikeReport.objects.get()
        assert found.address == "https://anxln.example/login"
        assert a_staff(Role.REVIEWER).client.get(reverse("staff:reports")).status_code == 403
        assert "他们要验证码" in officer.client.get(reverse("staff:reports")).content.decode()
        assert AccessRecord.objects.filter(subject_id=person.subject_id, purpose="security.report").exists()
        done = reverse("staff:handled", args=[found.pk])
        assert officer.client.post(done).status_code == 303
        assert officer.client.post(done).status_code == 404
        found.refresh_from_db()
        assert found.handled_by == officer.subject_id

    def test_come_from_visitors_too_and_never_empty(self):
        visitor = a_visitor().client
        assert visitor.post(reverse("really:report"), {}).status_code == 422
        assert visitor.post(reverse("really:report"), {"words": "电话说是你们"}).status_code == 303
        assert LookalikeReport.objects.count() == 1

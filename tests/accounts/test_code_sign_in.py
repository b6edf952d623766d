"""Signing in with a code, by mail or text, and what strangers learn from it: nothing."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import contacts
from tests.accounts.conftest import CODE, newest_code
from tests.builders.people import JOINED, a_buyer

pytestmark = pytest.mark.django_db

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
PHONE = "138 0013 8000"


@pytest.fixture
def lin():
    person = a_buyer(email="lin@example.com")
    contacts.change_phone(user_id=person.user.pk, number=PHONE, at=JOINED)
    return person


def tables() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_browsersession t")
        sessions = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT t::text FROM account_emailaddress t")
        return sessions + " ".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_by_mail_without_a_password(visitor, lin, language):
    someone = visitor(language)
    assert someone.post(ASK, email="Lin@example.com").url == CONFIRM
    assert someone.get(CONFIRM).status_code == 200
    assert mail.outbox[-1].to == ["lin@example.com"]
    code = newest_code()
    assert code not in tables() and code.replace("-", "") not in tables() and "lin@" not in tables()

    someone.post(CONFIRM, code=code, action="verify")
    assert someone.is_signed_in


@pytest.mark.parametrize("typed", [PHONE, "+8613800138000", "0086-138-0013-8000"])
def test_by_text(visitor, lin, texts, typed):
    someone = visitor()
    assert someone.post(ASK, email=typed).url == CONFIRM
    message = texts()[-1]
    assert message["to"] == PHONE and mail.outbox == []
    assert "13800138000" not in tables().replace(" ", "")

    someone.post(CONFIRM, code=CODE.search(message["text"]).group(), action="verify")
    assert someone.is_signed_in


def test_the_phone_and_the_password_open_too(visitor, lin):
    someone = visitor()
    someone.sign_in("13800138000")
    assert someone.is_signed_in


def test_three_wrong_codes_void_it(visitor, lin):
    someone = visitor()
    someone.post(ASK, email="lin@example.com")
    code = newest_code()
    for _ in range(3):
        someone.post(CONFIRM, code="000-000-000", action="verify")
    someone.post(CONFIRM, code=code, action="verify")

    assert not someone.is_signed_in


def test_a_known_and_an_unknown_contact_hear_and_cost_the_same(visitor, lin, texts):
    a_buyer(email="warm@example.com")
    visitor().post(ASK, email="warm@example.com")
    answers = {}
    for name, contact in (
        ("known", "lin@example.com"),
        ("unknown", "nobody@example.com"),
        ("phone", PHONE),
        ("no phone", "13911112222"),
    ):
        someone = visitor()
        answer = someone.post(ASK, email=contact)
        page = someone.get(CONFIRM)
        answers[name] = (answer.status_code, answer.url, page.status_code, page.content.count(b"<"))

    assert len(set(answers.values())) == 1
    assert {one["to"] for one in texts()} == {PHONE, "13911112222"}


def test_the_number_of_statements_tells_nothing(visitor, lin):
    visitor().post(ASK, email="lin@example.com")
    counts = []
    for contact in ("lin@example.com", "nobody@example.com"):
        someone = visitor()
        someone.get(ASK)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            someone.post("/accounts/login/", login=contact, password="not the password")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_asking_too_often_is_refused(visitor, lin):
    answers = [visitor().post(ASK, email="lin@example.com") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "失败次数太多" in answers[-1].content.decode()
    assert len(mail.outbox) == 3


def test_without_a_provider_the_page_says_so_and_nothing_changes(visitor, lin, settings):
    settings.TEXT_SENDER = "web.texting.NoTexts"
    answer = visitor().post(ASK, email=PHONE)

    assert answer.status_code == 503 and "现在发不出消息" in answer.content.decode()


def test_a_provider_plugs_in_by_name(visitor, lin, settings):
    settings.TEXT_SENDER = f"{__name__}.Provider"
    SENT.clear()
    visitor().post(ASK, email=PHONE)

    assert SENT[0][0] == PHONE


def test_one_number_belongs_to_one_account(lin):
    other = a_buyer()
    with pytest.raises(contacts.ContactTaken):
        contacts.change_phone(user_id=other.user.pk, number="+8613800138000", at=JOINED)
    assert EmailAddress.objects.filter(email__endswith="@t.invalid").count() == 1


SENT: list[tuple[str, str]] = []


class Provider:
    def send(self, *, number: str, text: str) -> None:
        SENT.append((number, text))

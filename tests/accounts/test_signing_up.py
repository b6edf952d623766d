"""Opening an account with a code by e-mail, as a person does it over HTTP."""

import pytest
from django.core import mail

from accounts.models import User
from accounts.web.forms import SignupForm
from notifications import addressees
from tests.accounts.conftest import newest_code
from tests.builders.people import PASSWORD, a_buyer

pytestmark = pytest.mark.django_db

SUBJECTS = {"zh-hans": "注册验证码", "zh-hant": "註冊驗證碼", "en": "Your code for signing up"}
HEADINGS = {"zh-hans": "填验证码", "zh-hant": "填驗證碼", "en": "Enter the code"}


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_code_opens_the_account(visitor, language):
    person = visitor(language)

    asked = person.sign_up("Lin.An@Example.com")
    page = person.get(asked.url)
    done = person.confirm(newest_code())

    assert mail.outbox[0].to == ["lin.an@example.com"]
    assert mail.outbox[0].subject == SUBJECTS[language]
    assert HEADINGS[language] in page.content.decode()
    assert done.status_code == 302
    assert person.is_signed_in
    user = User.objects.get()
    assert user.display_name == "林安"
    assert addressees.of(user.subject_id).email == "lin.an@example.com"
    assert addressees.of(user.subject_id).locale == language


def test_without_the_code_nobody_is_signed_in(visitor):
    person = visitor()
    person.sign_up("lin@example.com")

    assert not person.is_signed_in
    assert person.sign_in("lin@example.com").url == "/accounts/confirm-email/"
    assert not person.is_signed_in


def test_a_wrong_code_says_so_and_three_end_it(visitor):
    person = visitor()
    person.sign_up("lin@example.com")

    first = person.confirm("000-000-000")
    assert "验证码对不上" in first.content.decode()
    person.confirm("000-000-000")
    third = person.confirm("000-000-000")

    assert third.status_code == 302
    assert person.confirm(newest_code()).url == "/accounts/login/"
    assert not person.is_signed_in


def test_a_code_works_once(visitor):
    person = visitor()
    person.sign_up("lin@example.com")
    code = newest_code()
    person.confirm(code)
    person.post("/accounts/logout/")

    assert person.confirm(code).url == "/accounts/login/"
    assert not person.is_signed_in


def test_a_code_is_of_no_use_in_another_browser(visitor):
    person, thief = visitor(), visitor()
    person.sign_up("lin@example.com")

    assert thief.confirm(newest_code()).url == "/accounts/login/"
    assert not thief.is_signed_in


def test_a_new_code_replaces_the_old_one(visitor):
    person = visitor()
    person.sign_up("lin@example.com")
    old = newest_code()
    person.post("/accounts/confirm-email/", action="resend")

    assert newest_code() != old
    assert "验证码对不上" in person.confirm(old).content.decode()
    person.confirm(newest_code())
    assert person.is_signed_in


def test_a_known_address_gets_the_same_answer_as_a_new_one(visitor):
    a_buyer(email="known@example.com")
    known, new = visitor(), visitor()

    answers = [known.sign_up("Known@example.com"), new.sign_up("new@example.com")]
    pages = [known.get(answers[0].url).content.decode(), new.get(answers[1].url).content.decode()]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert stripped(pages[0]) == stripped(pages[1])
    assert [letter.to for letter in mail.outbox] == [["known@example.com"], ["new@example.com"]]
    assert "已经有账号" in mail.outbox[0].subject
    assert User.objects.count() == 2
    assert "验证码对不上" in known.confirm("000-000-000").content.decode()


def stripped(page: str) -> list[str]:
    """The page without its CSRF tokens."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_two_spellings_of_one_address_are_one_account(visitor):
    a_buyer(email="lin@example.com")

    visitor().sign_up("LIN@EXAMPLE.COM")

    assert User.objects.count() == 1


def test_a_mail_server_that_is_away_leaves_no_half_account(visitor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    answer = visitor().sign_up("lin@example.com")

    assert answer.status_code == 503
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "not an address", "name": "林安"},
        {"email": "0" * 64 + "@p.invalid", "name": "林安"},
        {"email": "lin@example.com", "name": ""},
        {"email": "lin@example.com", "name": "安" * 41},
        {"email": "lin@example.com", "name": "林安", "password": "short"},
        {"email": "lin@example.com", "name": "林安", "password": "password123"},
    ],
)
def test_bad_input_gets_a_message_at_its_field(visitor, fields):
    page = visitor().sign_up(**fields)

    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert User.objects.count() == 0
    assert mail.outbox == []


def test_two_sign_ups_at_once_make_one_account(visitor, monkeypatch):
    """The other one is committed between our look and our write."""
    a_buyer(email="lin@example.com")
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda form, pseudonym: pseudonym)

    answer = visitor().sign_up("lin@example.com")

    assert answer.url == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert "已经有账号" in mail.outbox[-1].subject


def test_a_known_address_costs_a_hash_like_a_new_one(visitor, monkeypatch):
    hashed = []
    monkeypatch.setattr("accounts.web.forms.make_password", hashed.append)
    a_buyer(email="known@example.com")

    visitor().sign_up("known@example.com")

    assert hashed == [PASSWORD]


@pytest.mark.parametrize("password", ["my Anxin 4711 shop", "我的安心账号二〇二六年", "ＡＮＸＩＮ forever"])
def test_a_password_of_our_own_words_is_refused(visitor, password):
    answer = visitor().sign_up("words@example.com", password=password)

    assert "不要把本站的名字放进密码" in answer.content.decode()


def test_a_long_password_is_taken(visitor):
    assert visitor().sign_up("long@example.com", password="长" * 40 + "long" * 30).status_code == 302

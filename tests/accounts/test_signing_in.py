"""Signing in and out, setting a new password, and what guessers meet."""

import pytest
from django.core import mail

from accounts.models import User
from notifications.models import Letter
from tests.accounts.conftest import newest_code
from tests.builders.people import PASSWORD, a_buyer

pytestmark = pytest.mark.django_db

NEW = "another long secret 19"


@pytest.fixture
def lin(visitor):
    a_buyer(email="lin@example.com")
    return visitor()


def test_address_and_password_open_the_door(lin):
    answer = lin.sign_in("LIN@example.com")

    assert answer.status_code == 302
    assert lin.is_signed_in
    assert mail.outbox == []


@pytest.mark.parametrize(
    "language, words",
    [("zh-hans", "邮箱或密码对不上"), ("zh-hant", "電子郵件或密碼對不上"), ("en", "doesn’t match")],
)
def test_a_wrong_password_and_an_unknown_address_hear_the_same(visitor, language, words):
    a_buyer(email="lin@example.com")
    person = visitor(language)

    wrong = person.sign_in("lin@example.com", "not the password").content.decode()
    unknown = person.sign_in("nobody@example.com", "not the password").content.decode()

    for page in (wrong, unknown):
        assert words.replace("’", "&#x27;") in page
    assert wrong.replace("lin@example.com", "nobody@example.com").count("<") == unknown.count("<")
    assert not person.is_signed_in


def test_the_pages_speak_the_account_s_language_from_then_on(visitor):
    a_buyer(email="lin@example.com", locale="en")
    person = visitor()

    person.sign_in("lin@example.com")

    assert "My account" in person.get("/account/").content.decode()


def test_signing_out_is_a_post(lin):
    lin.sign_in("lin@example.com")

    assert "要退出登录吗" in lin.get("/accounts/logout/").content.decode()
    assert lin.is_signed_in
    lin.post("/accounts/logout/")
    assert not lin.is_signed_in


def test_a_page_that_needs_an_account_comes_back_after_signing_in(lin):
    turned_away = lin.get("/inbox/")
    assert turned_away.url == "/accounts/login/?next=/inbox/"

    assert lin.sign_in("lin@example.com", next="/inbox/").url == "/inbox/"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "http:///evil.example",
        "https://testserver@evil.example/",
    ],
)
def test_nobody_is_sent_to_a_stranger(lin, target):
    answer = lin.sign_in("lin@example.com", next=target)

    assert answer.status_code == 302
    assert "evil" not in answer.url and "javascript" not in answer.url


def test_five_wrong_passwords_close_the_door_for_a_while(lin):
    for _ in range(5):
        lin.sign_in("lin@example.com", "not the password")

    page = lin.sign_in("lin@example.com").content.decode()

    assert "失败次数太多" in page
    assert not lin.is_signed_in


def test_too_many_sign_ups_from_one_network_are_429(visitor):
    person = visitor()
    answers = [person.sign_up("not an address") for _ in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]


def test_a_code_sets_a_new_password_and_ends_other_sessions(visitor):
    a_buyer(email="lin@example.com")
    elsewhere, person = visitor(), visitor()
    elsewhere.sign_in("lin@example.com")

    asked = person.post("/accounts/password/reset/", email="Lin@example.com")
    assert asked.url == "/accounts/password/reset/confirm/"
    assert mail.outbox[-1].to == ["lin@example.com"]
    person.post("/accounts/password/reset/confirm/", code=newest_code())
    done = person.post("/accounts/password/reset/complete/", password1=NEW, password2=NEW)

    assert done.url == "/accounts/password/reset/done/"
    assert not elsewhere.is_signed_in
    person.sign_in("lin@example.com", PASSWORD)
    assert not person.is_signed_in
    person.sign_in("lin@example.com", NEW)
    assert person.is_signed_in
    kinds = Letter.objects.order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["accounts.password_changed", "accounts.new_device"]


def test_a_reset_for_a_stranger_looks_the_same(visitor):
    a_buyer(email="lin@example.com")
    known, unknown = visitor(), visitor()

    answers = [
        known.post("/accounts/password/reset/", email="lin@example.com"),
        unknown.post("/accounts/password/reset/", email="nobody@example.com"),
    ]
    pages = [known.get(answers[0].url).content.decode(), unknown.get(answers[1].url).content.decode()]

    assert answers[0].url == answers[1].url
    assert pages[0].count("<") == pages[1].count("<")
    assert [letter.to for letter in mail.outbox] == [["lin@example.com"], ["nobody@example.com"]]
    assert "没有账号" in mail.outbox[1].subject
    assert User.objects.count() == 1


def test_a_reset_code_can_t_be_guessed_or_skipped(visitor):
    a_buyer(email="lin@example.com")
    person = visitor()
    person.post("/accounts/password/reset/", email="lin@example.com")

    skipped = person.post("/accounts/password/reset/complete/", password1=NEW, password2=NEW)
    assert skipped.url == "/accounts/password/reset/confirm/"
    for _ in range(3):
        person.post("/accounts/password/reset/confirm/", code="000-000-000")
    late = person.post("/accounts/password/reset/confirm/", code=newest_code())

    assert late.status_code == 302
    assert person.get("/accounts/password/reset/complete/").status_code == 302
    assert User.objects.get().check_password(PASSWORD)


def test_the_password_is_changed_from_the_account_page(lin):
    lin.sign_in("lin@example.com")

    wrong = lin.post("/accounts/password/change/", oldpassword="no", password1=NEW, password2=NEW)
    assert "这不是现在的密码" in wrong.content.decode()
    lin.post("/accounts/password/change/", oldpassword=PASSWORD, password1=NEW, password2=NEW)

    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/"])
@pytest.mark.parametrize("language, word", [("zh-hans", "密码"), ("zh-hant", "密碼"), ("en", "password")])
def test_the_pages_speak_the_reader_s_language(visitor, path, language, word):
    page = visitor(language).get(f"/accounts/{path}").content.decode()

    assert word in page
    assert f'lang="{"en" if language == "en" else "zh-Hans" if language == "zh-hans" else "zh-Hant"}"' in page

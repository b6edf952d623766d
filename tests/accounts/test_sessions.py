"""One's sessions: what stands in the table, who ends them, and what a new browser sets off."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import BrowserSession, KnownDevice
from accounts.web.session_store import SessionStore, digest_of
from notifications.models import Letter
from outbox.relay import drain_all
from tests.builders.people import PASSWORD, a_buyer

pytestmark = pytest.mark.django_db

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture
def lin(visitor):
    a_buyer(email="lin@example.com")
    return visitor()


def test_the_table_holds_a_digest_and_sealed_content(lin):
    lin.sign_in("lin@example.com")
    key = lin.browser.cookies["sessionid"].value

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_browsersession t")
        rows = " ".join(row[0] for row in cursor.fetchall())

    assert rows and key not in rows and "_auth_user" not in rows and "lin@" not in rows
    assert SessionStore(digest_of(key)).load() == {}


def test_content_moved_to_another_row_opens_nothing(lin, visitor):
    a_buyer(email="other@example.com")
    thief = visitor()
    lin.sign_in("lin@example.com")
    thief.sign_in("other@example.com")
    mine, theirs = (digest_of(one.browser.cookies["sessionid"].value) for one in (lin, thief))

    content = BrowserSession.objects.get(pk=mine).session_data
    BrowserSession.objects.filter(pk=theirs).update(session_data=content)

    assert not thief.is_signed_in


def test_signing_in_changes_the_key_so_that_none_can_be_planted(lin):
    lin.browser.get("/accounts/login/passkey/", headers={"accept": "application/json"})
    planted = lin.browser.cookies["sessionid"].value
    lin.sign_in("lin@example.com")

    assert lin.browser.cookies["sessionid"].value != planted
    assert not BrowserSession.objects.filter(pk=digest_of(planted)).exists()


def test_the_list_names_the_kind_of_device_only(lin, visitor):
    lin.browser.defaults["HTTP_USER_AGENT"] = PHONE
    other = visitor()
    other.browser.defaults["HTTP_USER_AGENT"] = LAPTOP
    other.sign_in("lin@example.com")
    lin.sign_in("lin@example.com")

    page = lin.get("/account/sessions/").content.decode()

    assert "手机 · Safari" in page and "电脑 · Chrome" in page and "iPhone OS" not in page
    assert page.count("当前浏览器") == 1


def test_ending_one_and_ending_all_others(lin, visitor):
    others = [visitor(), visitor(), visitor()]
    for one in (lin, *others):
        one.sign_in("lin@example.com")
    digest = digest_of(others[0].browser.cookies["sessionid"].value)

    lin.post("/account/sessions/", session=digest)
    assert not others[0].is_signed_in and others[1].is_signed_in
    lin.post("/account/sessions/")

    assert lin.is_signed_in and not any(one.is_signed_in for one in others)


def test_nobody_ends_another_person_s_session(lin):
    other = a_buyer()
    lin.sign_in("lin@example.com")
    digest = digest_of(other.client.cookies["sessionid"].value)

    lin.post("/account/sessions/", session=digest)

    assert other.client.get("/account/").status_code == 200
    assert Client().get("/account/sessions/").status_code == 302


def test_an_ended_session_doesn_t_come_back_with_a_late_answer(lin):
    lin.sign_in("lin@example.com")
    late = SessionStore(lin.browser.cookies["sessionid"].value)
    late["seen"] = 1
    BrowserSession.objects.all().delete()

    with pytest.raises(UpdateError):
        late.save()
    assert not BrowserSession.objects.exists()


def test_a_new_browser_sets_off_a_letter_and_a_known_one_doesn_t(lin, visitor):
    lin.sign_in("lin@example.com")
    assert not Letter.objects.exists()
    lin.post("/accounts/logout/")
    lin.sign_in("lin@example.com")
    assert not Letter.objects.exists()

    elsewhere = visitor()
    elsewhere.browser.defaults["HTTP_USER_AGENT"] = PHONE
    elsewhere.sign_in("lin@example.com")

    letter = Letter.objects.get()
    assert letter.kind == "accounts.new_device" and letter.params["device"] == "phone"
    assert KnownDevice.objects.count() == 2
    drain_all()
    assert "手机 · Safari" in lin.get(f"/inbox/{letter.pk}/").content.decode()


def test_a_changed_password_ends_the_other_sessions_at_once(lin, visitor):
    elsewhere = visitor()
    elsewhere.sign_in("lin@example.com")
    lin.sign_in("lin@example.com")

    lin.post(
        "/accounts/password/change/",
        oldpassword=PASSWORD,
        password1="another long secret 19",
        password2="another long secret 19",
    )

    assert lin.is_signed_in and not elsewhere.is_signed_in
    assert BrowserSession.objects.filter(user__isnull=False).count() == 1


def test_a_shifted_platform_clock_signs_nobody_out(lin, at):
    lin.sign_in("lin@example.com")
    at(datetime(2031, 1, 1, tzinfo=UTC))

    assert lin.is_signed_in


def test_what_has_run_out_is_swept(lin):
    lin.sign_in("lin@example.com")
    BrowserSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not lin.is_signed_in

    SessionStore.clear_expired()
    assert not BrowserSession.objects.filter(user__isnull=False).exists()


@pytest.mark.parametrize("change", ["session_key = 'plain'", "device = 'iphone 17'"])
def test_the_table_refuses_what_would_tell_more(lin, change):
    lin.sign_in("lin@example.com")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_browsersession SET {change[:60]}")

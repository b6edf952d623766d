"""An app, recovery codes, passkeys: set up, asked for at sign-in, sealed in the tables."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts import second_factors
from accounts.models import AccountChange, SealedSecret
from notifications.models import Letter
from tests.builders.people import PASSWORD, a_buyer, proved

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP, CODES, SECOND = "/accounts/factors/app/", "/accounts/factors/codes/", "/accounts/login/second/"


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def lin():
    person = a_buyer(email="lin@example.com")
    second_factors.give_app(user=person.user, secret=SECRET)
    return person


def every_cell(*tables: str) -> str:
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return " ".join(found)


@pytest.mark.parametrize(
    "language, words", [("zh-hans", "设置验证器应用"), ("zh-hant", "設定驗證器應用程式"), ("en", "Set up an")]
)
def test_setting_an_app_up(language, words):
    person = a_buyer(locale=language)
    page = person.client.get(APP, headers={"accept-language": language}).content.decode()
    secret = re.search(r'wrap-anywhere">([A-Z2-7=]+)<', page).group(1)
    assert words in page and "<svg viewBox" in page and "data:image" not in page and "style=" not in page

    done = person.client.post(APP, {"code": code_now(secret)})

    assert done.url == CODES
    stored = every_cell("mfa_authenticator", "accounts_sealedsecret", "accounts_browsersession")
    assert secret not in stored and SealedSecret.objects.count() == 2
    assert Letter.objects.get().kind == "accounts.factor_added"
    assert AccountChange.objects.get().reference == str(Authenticator.objects.get(type="totp").pk)


def test_a_wrong_code_sets_nothing_up():
    person = a_buyer()
    person.client.get(APP)

    assert "验证码对不上" in person.client.post(APP, {"code": "000000"}).content.decode()
    assert not Authenticator.objects.exists()


def test_the_password_alone_doesn_t_open_the_account(visitor, lin):
    someone = visitor()
    asked = someone.sign_in("lin@example.com")
    assert asked.url == SECOND and not someone.is_signed_in
    assert someone.get("/account/security/").status_code == 302

    page = someone.get(SECOND).content.decode()
    assert "再证明一次" in page
    wrong = someone.post(SECOND, code="000000")
    assert "验证码对不上" in wrong.content.decode() and not someone.is_signed_in
    someone.post(SECOND, code=code_now())
    assert someone.is_signed_in


def test_a_code_is_good_once(visitor, lin):
    first, second = visitor(), visitor()
    code = code_now()
    first.sign_in("lin@example.com")
    first.post(SECOND, code=code)
    second.sign_in("lin@example.com")
    second.post(SECOND, code=code)

    assert first.is_signed_in and not second.is_signed_in


def test_guessing_the_second_proof_ends(visitor, lin):
    someone = visitor()
    someone.sign_in("lin@example.com")
    for _ in range(5):
        someone.post(SECOND, code="000000")
    someone.post(SECOND, code=code_now())

    assert not someone.is_signed_in


def test_recovery_codes_are_shown_once_and_open_once(visitor, lin):
    hidden = lin.client.get(CODES).content.decode()
    assert "还剩 10 个" in hidden
    shown = lin.client.post(CODES, {"action": "show"}).content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", shown)
    assert len(codes) == 10 and codes[0] not in hidden
    assert codes[0] in lin.client.post(CODES, {"action": "save"}).content.decode()
    assert lin.client.post(CODES, {"action": "show"}).status_code == 409
    assert codes[0] not in every_cell("mfa_authenticator", "accounts_sealedsecret")

    for expected in (True, False):
        someone = visitor()
        someone.sign_in("lin@example.com")
        someone.post(SECOND, code=codes[0])
        assert someone.is_signed_in is expected
    assert "还剩 9 个" in lin.client.get(CODES).content.decode()


def test_new_codes_void_the_old_ones(lin):
    lin.client.post(CODES, {"action": "show"})
    before = second_factors.codes_left(lin.user)

    assert lin.client.post(CODES, {"action": "renew"}).url == CODES
    assert lin.client.post(CODES, {"action": "save"}).status_code in (200, 409)
    assert second_factors.codes_left(lin.user) == before
    assert Letter.objects.get().params["factor"] == "recovery_codes"


def test_removing_needs_a_fresh_proof_and_writes_a_letter(lin):
    path = f"/account/factors/{Authenticator.objects.get(type='totp').pk}/remove/"
    proved(lin.client, lin.user, seconds_ago=3600)
    assert lin.client.post(path).url.startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.count() == 2

    lin.client.post("/accounts/reauthenticate/", {"by": "code", "code": code_now(), "next": path})
    assert "移除验证器应用" in lin.client.get(path).content.decode()
    lin.client.post(path)

    assert not Authenticator.objects.exists()
    assert Letter.objects.get().kind == "accounts.factor_removed"
    assert json.loads(AccountChange.objects.get().before)["type"] == "totp"


def test_nobody_touches_another_person_s_factor(lin):
    other = a_buyer()
    pk = Authenticator.objects.get(type="totp").pk

    for path in (f"/account/factors/{pk}/remove/", f"/account/factors/{pk}/name/"):
        assert other.client.get(path).status_code == other.client.post(path).status_code == 404
        assert Client().get(path).url.startswith("/accounts/login/")
    assert other.client.get("/account/factors/987654/remove/").status_code == 404
    assert other.client.get(CODES).status_code == 404


def test_a_secret_opens_under_its_own_person_s_key_only(lin):
    other = a_buyer()
    secret = SealedSecret.objects.filter(subject_id=lin.subject_id).first()
    assert second_factors.opened(str(secret.pk))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(Exception, match=r"seal|key|privacy"):
        SealedSecret.objects.filter(pk=secret.pk).update(subject_id=other.subject_id)
        second_factors.opened(str(secret.pk))


def test_the_safety_page_is_for_its_owner(lin):
    page = lin.client.get("/account/security/").content.decode()
    assert "验证器应用" in page and "还剩 10 个" in page
    assert Client().get("/account/security/").status_code == 302


def test_staff_and_demo_get_an_app_without_a_request(visitor):
    cache.clear()
    person = a_buyer(email="staffish@example.com")
    second_factors.give_app(user=person.user, secret=SECRET)
    someone = visitor()
    someone.sign_in("staffish@example.com", PASSWORD)
    someone.post(SECOND, code=code_now())
    assert someone.is_signed_in

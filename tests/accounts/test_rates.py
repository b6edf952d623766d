"""The limits of the sign-in pages are policies in force, and everybody can read them."""

from datetime import UTC, datetime

import pytest
from allauth.account import app_settings

from accounts.web.rates import Rates
from kernel import clock
from rulebook import shelf
from rulebook.models import Policy
from tests.builders.people import a_buyer, a_visitor

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
BEFORE = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shelf_afterwards():
    yield
    shelf.forget()


def test_allauth_reads_them_as_it_wants_them():
    with clock.frozen(AT):
        rates = Rates()
        assert rates["login_failed"] == "10/60s/ip,5/300s/key"
        assert rates["really"] == "10/60s/ip,60/3600s/ip"
        assert app_settings.RATE_LIMITS["request_login_code"] == "20/60s/ip,3/300s/key"
        assert len(rates) == 17 and "unheard_of" not in rates
    with clock.frozen(BEFORE):
        assert "login_failed" not in Rates()


def test_a_new_version_counts_from_its_instant_without_a_restart(visitor):
    a_buyer(email="lin@example.com")
    limits = [{"times": 1, "within": {"n": 5, "unit": "min"}, "per": "account"}]
    words = Policy.objects.get(name="rates.login_failed").value["what_text"]
    value = {"what_text": words, "limits": limits}
    Policy.objects.create(name="rates.login_failed", version=2, value=value, in_force_from=AT, loaded_at=AT)
    shelf.forget()
    with clock.frozen(AT):
        lin = visitor()
        lin.sign_in("lin@example.com", "wrong")

        assert Rates()["login_failed"] == "1/300s/key"
        lin.sign_in("lin@example.com")
        assert not lin.is_signed_in


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("多久能试几次", "登录没有成功", "按邮箱或手机号算")),
        ("zh-hant", ("多久能試幾次", "登入沒有成功", "按電子郵件或手機號碼計算")),
        ("en", ("How often one may try", "Signing in without success", "by address or number")),
    ],
)
def test_everybody_can_read_them(language, words):
    page = a_visitor().client.get("/rules/limits/", headers={"accept-language": language}).content.decode()
    assert [word for word in words if word not in page] == []
    assert "/rules/limits/" in a_visitor().client.get("/rules/").content.decode()

"""Steps that need a fresh proof: who is asked, what proves, and that no way leads around it."""

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from accounts.signing_in import create_account
from tests.accounts.conftest import newest_code
from tests.builders.people import JOINED, PASSWORD, a_buyer, proved
from web.step_up import proved_recently

pytestmark = pytest.mark.django_db

DONE: list[str] = []
TOO_LONG_AGO = 16 * 60
PROVE = "/accounts/reauthenticate/"


@proved_recently
def a_step(request):
    if request.method == "POST":
        DONE.append("done")
    return HttpResponse("the step")


urlpatterns = [path("a-step/", a_step), path("", include("config.urls"))]


@pytest.fixture(autouse=True)
def with_a_step():
    DONE.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def stale():
    """Signed in, but the last proof is too long ago."""
    person = a_buyer()
    proved(person.client, person.user, seconds_ago=TOO_LONG_AGO)
    return person


def test_who_has_just_signed_in_is_not_asked():
    assert a_buyer().client.get("/a-step/").content == b"the step"


def test_a_stranger_signs_in_first():
    assert Client().get("/a-step/?n=1").url == "/accounts/login/?next=/a-step/%3Fn%3D1"


def test_an_old_proof_leads_to_the_page_and_back(stale):
    asked = stale.client.get("/a-step/?n=1")
    assert asked.url == f"{PROVE}?next=%2Fa-step%2F%3Fn%3D1"

    back = stale.client.post(PROVE, {"by": "password", "password": PASSWORD, "next": "/a-step/?n=1"})

    assert back.url == "/a-step/?n=1"
    assert stale.client.get(back.url).content == b"the step"


def test_the_last_step_can_t_be_taken_without_a_proof(stale):
    answer = stale.client.post("/a-step/", headers={"referer": "http://testserver/a-form/"})

    assert DONE == []
    assert answer.url == f"{PROVE}?next=%2Fa-form%2F"
    elsewhere = stale.client.post("/a-step/", headers={"referer": "https://evil.example/a-form/"})
    assert elsewhere.url == f"{PROVE}?next=%2Fa-step%2F"


@pytest.mark.parametrize("language, words", [("zh-hans", "这不是你的密码"), ("zh-hant", "這不是你的密碼")])
def test_a_wrong_password_proves_nothing(stale, language, words):
    answer = stale.client.post(
        PROVE, {"by": "password", "password": "wrong"}, headers={"accept-language": language}
    )

    assert answer.status_code == 422 and words in answer.content.decode()
    assert stale.client.get("/a-step/").status_code == 303


def test_nobody_is_sent_to_a_stranger_after_the_proof(stale):
    back = stale.client.post(PROVE, {"by": "password", "password": PASSWORD, "next": "https://evil.example/"})

    assert back.url == "/account/"


def test_guessing_ends_in_429(stale):
    answers = [stale.client.post(PROVE, {"by": "password", "password": "wrong"}) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_an_account_without_a_password_proves_by_its_own_mail():
    user = create_account(email="lin@example.com", display_name="林安", password=None, at=JOINED)
    client = Client()
    client.force_login(user, backend="accounts.backends.StaffAwareBackend")
    assert client.post(PROVE, {"by": "password", "password": ""}).status_code == 422

    page = client.post(PROVE, {"by": "send", "next": "/a-step/"}).content.decode()
    assert "证明" in page and mail.outbox[-1].to == ["lin@example.com"]
    code = newest_code()
    assert client.post(PROVE, {"by": "mailed", "code": "000000000"}).status_code == 422
    back = client.post(PROVE, {"by": "mailed", "code": code, "next": "/a-step/"})

    assert client.get(back.url).content == b"the step"
    assert client.post(PROVE, {"by": "mailed", "code": code}).status_code == 422


def test_a_password_holder_can_t_use_the_weaker_way(stale):
    assert stale.client.post(PROVE, {"by": "send"}).status_code == 422
    assert mail.outbox == []


def test_a_proof_of_another_account_in_the_same_browser_doesn_t_count():
    person, other = a_buyer(), a_buyer()
    person.client.force_login(other.user, backend="accounts.backends.StaffAwareBackend")

    assert person.client.get("/a-step/").status_code == 303


def test_a_clock_that_was_wrong_proves_nothing():
    person = a_buyer()
    proved(person.client, person.user, seconds_ago=-3600)

    assert person.client.get("/a-step/").status_code == 303


def test_the_page_is_the_owner_s(stale):
    request = RequestFactory().get(PROVE)
    assert request.path == PROVE
    assert Client().get(PROVE).url == f"/accounts/login/?next={PROVE}"
    assert "用密码证明" in stale.client.get(PROVE).content.decode()

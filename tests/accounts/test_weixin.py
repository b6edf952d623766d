"""WeChat as a way in: nothing of it without keys; with them only a digest stays."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import weixin
from notifications.models import Letter
from tests.builders.people import JOINED, a_buyer, proved
from web.outgoing import Answer

pytestmark = pytest.mark.django_db

START, BACK, CONNECT = "/accounts/login/weixin/", "/accounts/login/weixin/back/", "/account/weixin/"
OPENID = "oCanaryOpenId4711"


@pytest.fixture
def keys(settings):
    settings.WEIXIN_CLIENT, settings.WEIXIN_SECRET = "wx4711", "a secret of the site"


@pytest.fixture
def answers(monkeypatch):
    """What WeChat says to the code; the paths that were called."""
    called: list[str] = []

    def post(origin, path, **_):
        called.append(path)
        return Answer(200, json.dumps({"openid": OPENID, "access_token": "t"}).encode())

    monkeypatch.setattr(weixin.outgoing, "post", post)
    return called


def come_back(client: Client, path: str = START):
    """Go to WeChat and come back with its code."""
    asked = client.get(path)
    state = parse_qs(urlsplit(asked.url).query)["state"][0]
    return client.get(BACK, {"code": "c-1", "state": state})


@pytest.mark.parametrize("path", [START, BACK])
def test_without_keys_there_is_nothing(path):
    assert Client().get(path).status_code == 404
    assert "微信" not in Client().get("/accounts/login/").content.decode()
    assert "微信" not in a_buyer().client.get("/account/security/").content.decode()
    assert a_buyer().client.get(CONNECT).status_code == 404


def test_connecting_and_signing_in(keys, answers):
    person, browser = a_buyer(), Client()
    assert "用微信登录" in browser.get("/accounts/login/").content.decode()
    asked = person.client.get(CONNECT)
    assert asked.url.startswith("https://open.weixin.qq.com/connect/qrconnect?appid=wx4711&")

    assert come_back(person.client, CONNECT).url == "/account/security/"
    assert come_back(browser).status_code == 302
    assert browser.get("/account/").status_code == 200
    assert OPENID not in " ".join(EmailAddress.objects.values_list("email", flat=True))
    assert Letter.objects.filter(kind="accounts.factor_added").get().params["factor"] == "weixin"
    assert "secret=a+secret" in answers[0]


def test_connecting_needs_a_fresh_proof(keys, answers):
    person = a_buyer()
    proved(person.client, person.user, seconds_ago=3600)
    assert person.client.get(CONNECT).url.startswith("/accounts/reauthenticate/")


def test_nobody_s_answer_is_taken_without_our_word(keys, answers):
    person = a_buyer()
    person.client.get(CONNECT)
    for state in ("", "forged"):
        assert person.client.get(BACK, {"code": "c-1", "state": state}).status_code == 400
    assert answers == []


def test_an_unknown_weixin_opens_nothing(keys, answers):
    browser = Client()
    assert come_back(browser).url == "/accounts/login/"
    assert browser.get("/account/").status_code == 302


def test_one_weixin_opens_one_account(keys, answers):
    weixin.connect(user_id=a_buyer().user.pk, pseudonym=weixin.pseudonym_of("c"), at=JOINED)
    assert come_back(a_buyer().client, CONNECT).status_code == 409


def test_an_absent_weixin_says_so(keys, monkeypatch):
    monkeypatch.setattr(weixin.outgoing, "post", lambda *_, **__: Answer(0))
    assert come_back(Client()).status_code == 503


def test_taking_the_connection_away(keys, answers):
    person = a_buyer()
    come_back(person.client, CONNECT)
    assert "断开微信" in person.client.get("/account/security/").content.decode()
    person.client.post(CONNECT)
    assert come_back(Client()).url == "/accounts/login/"

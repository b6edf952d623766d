"""A page that says no: what was written can be copied, and who isn't signed in is told that it may be why."""

import pytest
from django.test import Client

from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db
AWAY = "/orders/A0000000000/messages/"
TYPED = {"text": "我的问题写了很久，照片在手机里", "password": "知道就能进门的话", "wait": "1"}


def said(client, **headers):
    answer = client.post(AWAY, TYPED, headers=headers)
    assert answer.status_code == 404
    return answer.content.decode()


def test_a_sign_in_that_ended_is_named_and_the_way_back_kept():
    page = said(Client(), referer=f"http://testserver{AWAY}")
    assert "登录可能已经过期" in page
    assert f'/accounts/login/?next={AWAY}"' in page
    assert TYPED["text"] in page
    assert TYPED["password"] not in page


def test_another_site_is_never_where_one_goes_back_to():
    page = said(Client(), referer="https://elsewhere.example/orders/")
    assert "登录可能已经过期" not in page and "elsewhere" not in page


def test_whoever_is_signed_in_sees_no_difference_between_absent_and_foreign():
    page = said(a_buyer().client)
    assert "登录可能已经过期" not in page and TYPED["text"] in page


def test_a_page_asked_for_comes_back_after_signing_in():
    page = Client().get(AWAY).content.decode()
    assert f"?next={AWAY}" in page

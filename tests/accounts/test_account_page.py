"""One's own account page."""

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from notifications import addressees
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db


def test_it_shows_the_name_and_keeps_the_address_to_itself():
    buyer = a_buyer("林安", email="lin@example.com")
    page = buyer.client.get("/account/").content.decode()

    assert "林安" in page
    assert "lin@example.com" not in page and "p.invalid" not in page
    assert 'action="/accounts/logout/"' in page and 'href="/inbox/"' in page


def test_name_and_language_can_be_changed():
    buyer = a_buyer("林安")

    answer = buyer.client.post("/account/", {"display_name": "小林·𠮷", "locale": "zh-hant"})

    assert answer.status_code == 303
    assert User.objects.get().display_name == "小林·𠮷"
    assert addressees.of(buyer.subject_id).locale == "zh-hant"
    assert "已儲存" in buyer.client.get("/account/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"display_name": "", "locale": "en"},
        {"display_name": "林", "locale": "xx"},
        {"display_name": "林" * 41, "locale": "en"},
    ],
)
def test_bad_input_is_422_and_changes_nothing(fields):
    buyer = a_buyer("林安")

    assert buyer.client.post("/account/", fields).status_code == 422
    assert User.objects.get().display_name == "林安"


def test_extra_fields_change_nothing():
    buyer = a_buyer()
    buyer.client.post(
        "/account/",
        {"display_name": "林", "locale": "en", "is_staff": "on", "is_superuser": "on", "subject": "x"},
    )

    assert not User.objects.get().is_staff and not User.objects.get().is_superuser


def test_a_stranger_is_asked_to_sign_in():
    assert Client().get("/account/").url == "/accounts/login/?next=/account/"
    assert Client().post("/account/").url == "/accounts/login/?next=/account/"


def test_the_database_refuses_a_plain_address():
    a_buyer()
    with pytest.raises(IntegrityError, match="an_account_is_called_by_a_pseudonym"):
        User.objects.update(pseudonym="lin@example.com")

"""The inbox over HTTP: one's own letters only, and reading is a button."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from notifications.models import Letter
from notifications.sending import send
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def a_letter_to(person) -> Letter:
    return send(
        subject_id=person.subject_id,
        kind="accounts.password_changed",
        reference=uuid4(),
        params={"path": "/account/"},
        at=NOW,
    )


def test_an_empty_inbox_says_what_will_be_there():
    page = a_buyer().client.get("/inbox/").content.decode()
    assert "还没有来信" in page


@pytest.mark.parametrize(
    "language, title",
    [("zh-hans", "你的密码改过了"), ("zh-hant", "你的密碼改過了"), ("en", "Your password was changed")],
)
def test_letters_are_shown_in_the_reader_s_present_language(language, title):
    buyer = a_buyer()
    letter = a_letter_to(buyer)
    headers = {"accept-language": language}

    assert title in buyer.client.get("/inbox/", headers=headers).content.decode()
    page = buyer.client.get(f"/inbox/{letter.pk}/", headers=headers).content.decode()
    assert title in page and 'href="/account/"' in page


def test_looking_changes_nothing_and_the_button_does():
    buyer = a_buyer()
    letter = a_letter_to(buyer)
    buyer.client.get(f"/inbox/{letter.pk}/")
    assert Letter.objects.unread().count() == 1

    assert buyer.client.get(f"/inbox/{letter.pk}/read/").status_code == 405
    assert buyer.client.post(f"/inbox/{letter.pk}/read/").status_code == 303
    assert Letter.objects.unread().count() == 0


def test_all_are_read_with_one_button_and_only_one_s_own():
    buyer, other = a_buyer(), a_buyer()
    a_letter_to(buyer), a_letter_to(buyer), a_letter_to(other)

    buyer.client.post("/inbox/read/")

    assert Letter.objects.unread().get().subject_id == other.subject_id


def test_somebody_else_s_letter_is_not_there():
    letter, other = a_letter_to(a_buyer()), a_buyer()

    assert other.client.get(f"/inbox/{letter.pk}/").status_code == 404
    assert other.client.post(f"/inbox/{letter.pk}/read/").status_code == 404
    assert other.client.get(f"/inbox/{uuid4()}/").status_code == 404
    assert Letter.objects.unread().count() == 1


def test_a_stranger_is_asked_to_sign_in():
    assert Client().get("/inbox/").url == "/accounts/login/?next=/inbox/"
    assert Client().post("/inbox/read/").url.startswith("/accounts/login/")

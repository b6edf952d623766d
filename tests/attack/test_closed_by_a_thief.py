"""Closing destroys for good: it isn't quick where something of the account is new."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import changing
from accounts.models import Changed, KnownDevice
from kernel.actor import Actor
from privacy import requests
from privacy.states import RequestKind
from tests.builders.people import JOINED, a_buyer
from tests.builders.requests import ASKED

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def closing(person):  # type: ignore[no-untyped-def]
    """How long it waits."""
    made = requests.ask(subject_id=person.subject_id, kind=RequestKind.CLOSE, actor=person.actor, at=ASKED)
    assert made.erase_after is not None
    return made.erase_after - ASKED


def long_ago():  # type: ignore[no-untyped-def]
    return a_buyer(at=ASKED - 60 * DAY)


def a_browser(person, first_at):  # type: ignore[no-untyped-def]
    KnownDevice.objects.create(
        user=person.user,
        digest="0" * 64,
        device="computer",
        browser="chrome",
        first_at=first_at,
        last_at=first_at,
    )


def test_a_settled_account_closes_at_once():
    person = long_ago()
    a_browser(person, ASKED - 30 * DAY)
    assert closing(person) < timedelta(hours=1)


def test_a_browser_of_yesterday_makes_it_wait():
    person = long_ago()
    a_browser(person, ASKED - DAY)
    assert closing(person) > 14 * DAY


def test_a_contact_of_yesterday_makes_it_wait():
    person = long_ago()
    changing.note(
        subject_id=person.subject_id,
        kind=Changed.EMAIL,
        actor=Actor.system(),
        at=ASKED - DAY,
        before="a@example.com",
    )
    assert closing(person) > 14 * DAY


def test_a_young_account_has_nothing_to_wait_for():
    person = a_buyer(at=ASKED - DAY)
    a_browser(person, ASKED - DAY)
    assert closing(person) < timedelta(hours=1)


def test_the_page_says_that_it_waits(at):  # type: ignore[no-untyped-def]
    at(JOINED + 60 * DAY)
    person = a_buyer()
    a_browser(person, JOINED + 59 * DAY)
    page = person.client.get(reverse("privacy:ending", args=["account"])).content.decode()
    assert "要等 15 天" in page

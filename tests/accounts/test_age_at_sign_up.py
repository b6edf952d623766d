"""How old, asked at sign-up as a band: strict from the first instant, a guardian before any order."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from config.retention import unproved_accounts
from kernel import clock
from orders.models import Order
from privacy import ages, guardians, spending
from privacy.models import AgeBand, MinorProfile
from tests.accounts.conftest import CODE, newest_code
from tests.builders.orders import a_checkout
from tests.builders.people import PASSWORD, a_buyer
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db

WORDS = {
    "zh-hans": ("你多大？", "选一个年龄段。", "要先请一位家长或监护人"),
    "zh-hant": ("你幾歲？", "選一個年齡層。", "要先請一位家長或監護人"),
    "en": ("How old are you?", "Choose an age.", "A parent or guardian comes first"),
}


def opened(person, age):
    person.sign_up("an@example.com", age=age)
    answer = person.confirm(newest_code())
    return User.objects.get().subject_id, answer


@pytest.mark.parametrize("language", list(WORDS))
def test_nothing_is_chosen_beforehand_and_without_an_answer_nothing_opens(visitor, language):
    person = visitor(language)
    question, refusal, _ = WORDS[language]

    page = person.get("/accounts/signup/").content.decode()
    refused = person.sign_up("an@example.com", age="")

    assert question in page and page.count('name="age"') == 4 and "checked" not in page
    assert refused.status_code == 200 and refusal in refused.content.decode()
    assert not User.objects.exists() and not mail.outbox


def test_an_age_we_do_not_know_opens_nothing(visitor):
    visitor().sign_up("an@example.com", age="from_20_to_30")

    assert not User.objects.exists()


def test_of_grown_ups_nothing_is_kept(visitor):
    _, answer = opened(visitor(), "adult")

    assert answer.url == "/"
    assert not MinorProfile.objects.exists()


@pytest.mark.parametrize("language", list(WORDS))
def test_a_child_is_led_to_the_guardian_first_and_orders_nothing_until_then(visitor, language):
    person = visitor(language)
    child_id, answer = opened(person, "from_8_to_13")

    assert answer.url == "/privacy/minors/"
    assert WORDS[language][2] in person.get(answer.url).content.decode()
    assert MinorProfile.objects.get().band == AgeBand.FROM_8_TO_13
    with pytest.raises(spending.GuardianFirst):
        a_checkout(listings=[(a_listing(price="20.00"), 1)], subject_id=child_id, at=clock.now())
    assert not Order.objects.exists()


def test_with_a_guardian_the_child_orders_within_the_limit(visitor):
    person, parent = visitor(), a_buyer("妈妈")
    person.sign_up("an@example.com", age="from_8_to_13")
    person.confirm(newest_code())
    child_id = MinorProfile.objects.get().subject_id
    person.post("/accounts/reauthenticate/", by="password", password=PASSWORD)
    page = person.post("/privacy/minors/invitation/").content.decode()
    code = page.split('bigcode num">')[1].split("<")[0]
    guardians.accept(
        code=code,
        guardian_id=parent.subject_id,
        version=1,
        language="en",
        actor=parent.actor,
        at=clock.now(),
    )

    done = a_checkout(listings=[(a_listing(price="20.00"), 1)], subject_id=child_id, at=clock.now())

    assert len(done.orders) == 1
    assert WORDS["zh-hans"][2] not in person.get("/privacy/minors/").content.decode()


def test_from_fourteen_on_they_consent_alone_and_the_account_is_still_strict(visitor):
    child_id, answer = opened(visitor(), "from_14_to_17")

    assert answer.url == "/"
    assert ages.band_of(child_id) == AgeBand.FROM_14_TO_17


def test_an_account_by_phone_is_asked_too(visitor, texts):
    person = visitor()
    person.sign_up("13800001111", age="under_8")
    answer = person.confirm(CODE.search(texts()[-1]["text"]).group())

    assert answer.url == "/privacy/minors/"
    with pytest.raises(spending.TooYoungToBuy):
        subject_id = MinorProfile.objects.get(band=AgeBand.UNDER_8).subject_id
        a_checkout(listings=[(a_listing(price="20.00"), 1)], subject_id=subject_id, at=clock.now())


def test_a_known_address_takes_no_age_from_strangers(visitor):
    held = a_buyer(email="known@example.com")
    answer = visitor().sign_up("known@example.com", age="under_8")

    assert answer.url == "/accounts/confirm-email/"
    assert not ages.is_minor(held.subject_id)


def test_an_account_that_was_never_proved_takes_the_age_with_it(visitor):
    visitor().sign_up("an@example.com", age="from_8_to_13")
    assert MinorProfile.objects.count() == 1

    assert unproved_accounts(at=clock.now() + timedelta(days=31), limit=10) == 1

    assert not MinorProfile.objects.exists()

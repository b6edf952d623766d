"""Somebody looks after their own data: see, agree, take back, copy, delete, think better of it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from privacy import consent, copying
from privacy.models import ConsentPurpose, PersonalCopy, Request
from tests.builders.orders import an_order
from tests.builders.people import a_buyer
from tests.journeys.shopping import hidden

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
WORDS = {
    "zh-hans": ("隐私中心", "把你买的东西送到", "你撤回了同意", "可以下载了", "考虑期", "你收回了"),
    "zh-hant": ("隱私中心", "把你買的東西送到", "你撤回了同意", "可以下載了", "考慮期", "你收回了"),
    "en": (
        "Privacy centre",
        "To bring you what you bought",
        "You withdrew your consent",
        "Ready to download",
        "Time to think it over",
        "You took it back",
    ),
}


@pytest.fixture(autouse=True)
def _today(at):
    at(AT)


@pytest.mark.parametrize("language", list(WORDS))
def test_one_s_own_data_from_seeing_to_thinking_better_of_it(language):
    centre, delivery, withdrawn, ready, thinking, taken_back = WORDS[language]
    buyer = a_buyer(locale=language)
    an_order(subject_id=buyer.subject_id)
    spoken = {"accept-language": language}

    def page(path):
        answer = buyer.client.get(path, headers=spoken)
        assert answer.status_code == 200, path
        return answer.content.decode()

    def press(path, **told):
        answer = buyer.client.post(path, {"idempotency_key": uuid4().hex, **told}, headers=spoken)
        assert answer.status_code == 303, answer.content.decode()
        return answer["Location"]

    assert centre in page("/privacy/") and delivery in page("/privacy/see/")

    sheet = buyer.client.get("/privacy/consents/", headers=spoken)
    press("/privacy/consents/marketing/", answer="agree", version=hidden(sheet, "version"))
    assert withdrawn in page(press("/privacy/consents/marketing/", answer="refuse"))
    assert not consent.given(subject_id=buyer.subject_id, purpose=ConsentPurpose.MARKETING, at=AT)

    copy = press("/privacy/copy/")
    assert copying.build_next(at=AT) == 1
    assert PersonalCopy.objects.get().state == "ready"
    number = Request.objects.get(kind="copy").number
    assert ready in page(copy) and reverse("privacy:download", args=[number]) in page(copy)
    taken = buyer.client.get(reverse("privacy:download", args=[number]))
    assert taken.status_code == 200 and b"".join(taken.streaming_content)[:2] == b"PK"

    asked = press("/privacy/delete/data/")
    assert thinking in page(asked)
    number = Request.objects.get(kind="erase").number
    assert taken_back in page(press(reverse("privacy:withdrawal", args=[number])))
    assert Request.objects.get(kind="erase").state == "withdrawn"

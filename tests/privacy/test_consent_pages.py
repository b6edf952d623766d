"""Consents over HTTP: equal buttons, a receipt to keep, and nobody sees anybody else's."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts import guests
from privacy import consent
from privacy.models import ConsentEvent, ConsentPurpose
from tests.builders.people import a_buyer, a_guest, a_member, a_visitor
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ALL = "/privacy/consents/"


def answer(browser, agree, purpose="marketing", version="1"):
    told = {"answer": "agree" if agree else "refuse", "version": version}
    return browser.post(f"{ALL}{purpose}/", told)


def buttons(page, purpose):
    """The buttons of one purpose, as they are written."""
    form = re.search(rf'action="{ALL}{purpose}/".*?</form>', page.content.decode(), re.S)
    return re.findall(r"<button[^>]*>", form.group(0))


class TestTheSheet:
    def test_nothing_is_chosen_and_both_answers_look_the_same(self):
        page = a_visitor().client.get(ALL)
        for purpose in ConsentPurpose:
            no, yes = buttons(page, purpose)
            assert no.replace("refuse", "agree") == yes == '<button class="btn" name="answer" value="agree">'
        assert "checked" not in page.content.decode()

    def test_taking_back_is_as_easy_as_giving(self):
        buyer = a_buyer()
        assert answer(buyer.client, True).status_code == 303
        assert buttons(buyer.client.get(ALL), "marketing") == [
            '<button class="btn" name="answer" value="refuse">'
        ]
        assert answer(buyer.client, False).status_code == 303
        assert not consent.given(subject_id=buyer.subject_id, purpose=ConsentPurpose.MARKETING, at=AT)

    def test_a_visitor_becomes_a_guest_only_by_answering(self):
        browser = Client()
        browser.get(ALL)
        browser.get("/privacy/")
        assert guests.COOKIE not in browser.cookies
        answered = answer(browser, False)
        assert browser.get(answered["Location"]).status_code == 200
        assert ConsentEvent.objects.get().choice == "refused"

    @pytest.mark.parametrize("version", ["", "7", "x", "９", "1" * 50])
    def test_a_yes_to_other_words_is_refused(self, version):
        buyer = a_buyer()
        assert answer(buyer.client, True, version=version).status_code == 409
        assert not ConsentEvent.objects.exists()

    def test_an_unknown_purpose_is_not_there(self):
        assert answer(a_buyer().client, True, purpose="everything").status_code == 404


@pytest.mark.parametrize(
    "language, said, words",
    [
        ("zh-hans", "你同意了", "收推广信"),
        ("zh-hant", "你同意了", "收推廣信"),
        ("en", "You agreed", "Letters about offers"),
    ],
)
def test_a_receipt_shows_the_words_that_were_on_the_screen(language, said, words):
    buyer = a_buyer()
    headers = {"accept-language": language}
    made = buyer.client.post(f"{ALL}marketing/", {"answer": "agree", "version": "1"}, headers=headers)
    page = buyer.client.get(made["Location"], headers=headers).content.decode()
    held = ConsentEvent.objects.get()
    assert said in page and words in page and held.number in page and held.sha256 in page
    kept = buyer.client.get(reverse("privacy:receipt-text", args=[held.number]), headers=headers)
    assert kept["Content-Disposition"] == f'attachment; filename="consent-{held.number}.txt"'
    assert words in kept.content.decode() and held.sha256 in kept.content.decode()


def test_receipts_are_for_their_owner_only():
    owner = a_buyer()
    answer(owner.client, True)
    number = ConsentEvent.objects.get().number
    shop = a_merchant()
    others = [a_buyer(), a_guest(), a_member(shop), a_member(a_merchant()), a_visitor()]
    for name in ("privacy:receipt", "privacy:receipt-text"):
        address = reverse(name, args=[number])
        assert owner.client.get(address).status_code == 200
        assert [each.client.get(address).status_code for each in others] == [404] * 5
    assert all(number not in each.client.get(ALL).content.decode() for each in others)


@pytest.mark.parametrize(
    "language, title", [("zh-hans", "隐私政策"), ("zh-hant", "隱私權政策"), ("en", "Privacy policy")]
)
def test_the_policy_is_readable_by_anybody_in_three_languages(language, title):
    page = Client().get("/privacy/policy/", headers={"accept-language": language}).content.decode()
    assert f"<h1>{title}</h1>" in page and "privacy@anxin.example" in page
    home = Client().get("/help", headers={"accept-language": language}).content.decode()
    assert 'href="/privacy/policy/"' in home

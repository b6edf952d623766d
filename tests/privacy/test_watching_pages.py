"""Minors, machines and transfers over HTTP."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from kernel.actor import Actor
from orders.models import ReturnMove
from outbox.relay import drain_all
from privacy import ages, erasure, requests, spending
from privacy.models import AgeBand, MinorProfile, SpendingRequest, Transfer
from privacy.states import RequestKind
from tests.builders.orders import a_return, an_order
from tests.builders.people import a_buyer, a_guest, a_visitor
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DELIVERED = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PAGE = "/privacy/minors/"


@pytest.fixture(autouse=True)
def _today(at):
    at(AT)


def key():
    return {"idempotency_key": uuid4().hex}


def text(answer):
    return answer.content.decode()


def says(person, band, **told):
    return person.client.post(f"{PAGE}age/", {"band": band, **told, **key()})


def joined():
    """A child of 8 to 13 and a parent who agreed over the pages."""
    child, parent = a_buyer("小安"), a_buyer("妈妈")
    assert says(child, AgeBand.FROM_8_TO_13).status_code == 303
    code = re.search(r'bigcode num">([^<]+)<', text(child.client.post(f"{PAGE}invitation/"))).group(1)
    assert parent.client.post(f"{PAGE}guardian/", {"code": code, "version": 1, **key()}).status_code == 303
    return child, parent


class TestMinors:
    def test_a_child_a_code_and_a_guardian(self):
        child, parent = joined()
        assert ages.watches_over(guardian_id=parent.subject_id, minor_id=child.subject_id)
        assert "8 到 13 岁" in text(child.client.get(PAGE))
        assert "孩子 1" in text(parent.client.get(PAGE))

    def test_nobody_signs_in_first(self):
        assert a_visitor().client.get(PAGE).status_code == 302

    def test_a_guest_is_nobody_s_guardian(self):
        guest = a_guest()
        assert guest.client.get(PAGE)["Location"].startswith("/accounts/login/")
        answer = guest.client.post(f"{PAGE}guardian/", {"code": "ABC", "version": 1, **key()})
        assert answer["Location"].startswith("/accounts/login/")

    def test_growing_up_by_a_press_is_refused_in_words(self):
        child, _ = joined()
        assert says(child, "adult").status_code == 409
        assert ages.band_of(child.subject_id) == AgeBand.FROM_8_TO_13

    @pytest.mark.parametrize("told", [{}, {"band": "old"}, {"band": "under_8", "border_on": "2020-01-01"}])
    def test_what_is_wrong_is_said(self, told):
        buyer = a_buyer()
        assert buyer.client.post(f"{PAGE}age/", {**told, **key()}).status_code == 422
        assert not ages.is_minor(buyer.subject_id)

    def test_a_wrong_code_is_refused(self):
        answer = a_buyer().client.post(f"{PAGE}guardian/", {"code": "ABC", "version": 1, **key()})
        assert answer.status_code == 422

    def test_a_purchase_is_asked_for_and_agreed_to(self):
        child, parent = joined()
        assert child.client.post(f"{PAGE}spending/", {"ask-yuan": 500, **key()}).status_code == 303
        asked = SpendingRequest.objects.get()
        address = reverse("privacy:spending-answer", args=[asked.pk])
        assert address in text(parent.client.get(PAGE))
        assert a_buyer().client.post(address, {"answer": "agree", **key()}).status_code == 404
        assert child.client.post(address, {"answer": "agree", **key()}).status_code == 404
        assert parent.client.post(address, {"answer": "agree", **key()}).status_code == 303
        asked.refresh_from_db()
        assert asked.agreed is True

    def test_a_guardian_s_steps_are_closed_to_others(self):
        child, parent = joined()
        link = ages.guardians_of(child.subject_id)[0]
        steps = {
            "limit": {"yuan": 30},
            "consent": {"purpose": "sensitive", "answer": "agree", "version": 1},
            "end": {},
        }
        for step, told in steps.items():
            address = reverse("privacy:link-step", args=[link.pk, step])
            for other in (child, a_buyer()):
                assert other.client.post(address, {**told, **key()}).status_code == 404
            assert parent.client.post(address, {**told, **key()}).status_code == 303
        assert spending.limit_of(child.subject_id, at=AT) == 200_00
        assert ages.guardians_of(child.subject_id) == []


class TestMachines:
    @pytest.mark.parametrize(
        "language, words",
        [("zh-hans", "机器作的决定"), ("zh-hant", "機器作的決定"), ("en", "Decisions by machine")],
    )
    def test_how_machines_decide_is_open_to_everybody(self, language, words):
        page = text(a_visitor().client.get("/privacy/decisions/", headers={"accept-language": language}))
        assert words in page and "/rules/cn.privacy.automated/" in page

    def test_one_s_own_are_listed_with_a_way_to_a_human(self):
        buyer = a_buyer()
        a_return(an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED), at=DELIVERED)
        step = ReturnMove.objects.filter(actor="system", name="accept").get()
        page = text(buyer.client.get("/privacy/decisions/"))
        number = step.returning.number
        assert number in page and f"kind=object_automated&amp;about={number}" in page
        assert number not in text(a_buyer().client.get("/privacy/decisions/"))
        form = text(buyer.client.get(f"/privacy/requests/?kind=object_automated&about={number}"))
        assert re.search(r'value="object_automated"[^>]*checked', form) and number in form


class TestAbroad:
    def test_an_order_from_a_seller_abroad_is_told(self):
        buyer, shop = a_buyer(), a_merchant(place="JP")
        an_order(subject_id=buyer.subject_id, listing=a_listing(merchant=shop))
        drain_all()
        made = Transfer.objects.get()
        assert (made.country, made.basis, made.recipient) == ("JP", "contract", shop.legal_name)
        page = text(buyer.client.get("/privacy/abroad/"))
        assert shop.legal_name in page and "日本" in page and "/rules/cn.privacy.export_contract/" in page
        assert shop.legal_name not in text(a_buyer().client.get("/privacy/abroad/"))

    def test_a_seller_at_home_sends_nothing_out(self):
        an_order()
        drain_all()
        assert not Transfer.objects.exists()


def test_a_child_s_erasure_takes_band_links_and_questions_along():
    child, parent = joined()
    child.client.post(f"{PAGE}spending/", {"ask-yuan": 500, **key()})
    asked = requests.ask(subject_id=child.subject_id, kind=RequestKind.ERASE, actor=child.actor, at=AT)
    erasure.erase(request_id=asked.pk, actor=Actor.system(), at=AT)
    assert not MinorProfile.objects.exists() and not SpendingRequest.objects.exists()
    assert ages.children_of(parent.subject_id) == []

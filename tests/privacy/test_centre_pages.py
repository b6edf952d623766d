"""The four doors and the requests over HTTP: what each shows, who may come in, what a button does."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from kernel.actor import Actor
from privacy import access_record, obstacles, requests
from privacy.models import Request, Subject
from privacy.obstacles import Obstacle
from privacy.states import RequestKind
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_guest, a_member, a_visitor
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
OWN = ["see", "looked", "copy", "change", "delete", "requests"]


@pytest.fixture(autouse=True)
def _today(at):
    at(AT)


def key():
    return {"idempotency_key": uuid4().hex}


def text(answer):
    return answer.content.decode()


def asked(person, kind=RequestKind.COPY, details=""):
    return requests.ask(subject_id=person.subject_id, kind=kind, details=details, actor=person.actor, at=AT)


class TestWhoMayComeIn:
    @pytest.mark.parametrize("name", OWN)
    def test_nobody_signs_in_first(self, name):
        answer = a_visitor().client.get(reverse(f"privacy:{name}"))
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=/privacy/")

    @pytest.mark.parametrize("name", OWN)
    @pytest.mark.parametrize("who", [a_buyer, a_guest])
    def test_accounts_and_guests_see_their_own(self, name, who):
        assert who().client.get(reverse(f"privacy:{name}")).status_code == 200

    def test_the_front_is_open_and_says_how_to_come_in(self):
        page = text(a_visitor().client.get("/privacy/"))
        assert 'href="/accounts/login/?next=/privacy/"' in page
        assert page.count('<ul class="doors">') == 1

    def test_somebody_else_s_request_is_not_there(self):
        owner = a_buyer()
        made = asked(owner)
        others = [a_buyer(), a_guest(), a_member(a_merchant()), a_member(a_merchant()), a_visitor()]
        for name, method in (("request", "get"), ("withdrawal", "post")):
            address = reverse(f"privacy:{name}", args=[made.number])
            told = [getattr(each.client, method)(address, key()).status_code for each in others]
            assert told == [404] * 5
        made.refresh_from_db()
        assert made.is_running
        assert owner.client.get(reverse("privacy:request", args=[made.number])).status_code == 200


class TestTakeAway:
    def test_one_button_asks_and_the_request_shows_its_date(self):
        buyer = a_buyer()
        answer = buyer.client.post("/privacy/copy/", key())
        made = Request.objects.get()
        assert (made.kind, answer["Location"]) == ("copy", f"/privacy/requests/{made.number}/")
        page = text(buyer.client.get(answer["Location"]))
        assert (
            made.number in page
            and 'class="chip chip--ample"' in page
            and "/rules/cn.privacy.request/" in page
        )
        assert made.number in text(buyer.client.get("/privacy/"))

    def test_pressing_twice_asks_once(self):
        buyer, told = a_buyer(), key()
        buyer.client.post("/privacy/copy/", told)
        buyer.client.post("/privacy/copy/", told)
        buyer.client.post("/privacy/copy/", key())
        assert Request.objects.count() == 1

    def test_a_guest_may_ask_too(self):
        guest = a_guest()
        assert guest.client.post("/privacy/copy/", key()).status_code == 303
        assert Request.objects.get().identity == "order_link"


class TestDelete:
    def test_the_page_says_what_stays_and_by_which_rule(self):
        page = text(a_buyer().client.get("/privacy/delete/"))
        assert "/rules/cn.trade.retention/" in page and "/rules/cn.privacy.erasure/" in page

    def test_what_is_in_the_way_is_listed(self, monkeypatch):
        one = Obstacle("x", "Order %(number)s is still open.", {"number": "A123"}, "/orders/A123/")
        monkeypatch.setattr(obstacles, "_finders", [lambda subject_id: [one]])
        page = text(a_buyer().client.get("/privacy/delete/"))
        assert "Order A123 is still open." in page and 'href="/orders/A123/"' in page

    def test_asking_gives_time_to_think_and_the_certificate_s_link(self):
        buyer = a_buyer()
        before = text(buyer.client.get("/privacy/delete/data/"))
        assert before.index('/privacy/delete/"') < before.index("btn--danger")
        answer = buyer.client.post("/privacy/delete/data/", key())
        made = Request.objects.get()
        until = datetime(2026, 12, 6, 16, 0, tzinfo=UTC)
        assert (made.kind, made.state, made.erase_after) == ("erase", "cooling_off", until)
        page = text(buyer.client.get(answer["Location"]))
        assert "12 月 6 日" in page
        assert reverse("privacy:withdrawal", args=[made.number]) in page

    def test_it_can_be_taken_back(self):
        buyer = a_buyer()
        made = asked(buyer, RequestKind.ERASE)
        address = reverse("privacy:withdrawal", args=[made.number])
        assert buyer.client.post(address, key()).status_code == 303
        made.refresh_from_db()
        assert made.state == "withdrawn"
        assert buyer.client.post(address, key()).status_code == 409

    def test_an_odd_ending_is_not_there(self):
        assert a_buyer().client.get("/privacy/delete/everything/").status_code == 404


class TestChange:
    def test_the_country_can_be_set(self):
        buyer = a_buyer()
        assert buyer.client.post("/privacy/change/", {"place": "DE"}).status_code == 303
        assert Subject.objects.get(pk=buyer.subject_id).place == "DE"
        page = text(buyer.client.get("/privacy/change/"))
        assert '<option value="DE" selected>德国</option>' in page

    @pytest.mark.parametrize("place", ["", "XX", "de", "中"])
    def test_anything_else_is_refused(self, place):
        buyer = a_buyer()
        assert buyer.client.post("/privacy/change/", {"place": place}).status_code == 422
        assert Subject.objects.get(pk=buyer.subject_id).place == "CN"


class TestAsking:
    def test_words_are_sealed_and_shown_to_their_writer(self):
        buyer = a_buyer()
        told = {"kind": "correct", "details": "生日写错了", **key()}
        answer = buyer.client.post("/privacy/requests/", told)
        assert "生日写错了" in text(buyer.client.get(answer["Location"]))

    @pytest.mark.parametrize("told", [{}, {"kind": "correct"}, {"kind": "erase", "details": "x"}])
    def test_what_is_missing_is_said(self, told):
        buyer = a_buyer()
        assert buyer.client.post("/privacy/requests/", {**told, **key()}).status_code == 422
        assert not Request.objects.exists()

    def test_a_refusal_is_read_with_its_reasons(self):
        buyer, officer = a_buyer(), a_buyer()
        made = asked(buyer, RequestKind.OTHER, "x")
        requests.refuse(
            request_id=made.pk, reasons="法律要求保存", actor=Actor.staff(officer.subject_id), at=AT
        )
        page = text(buyer.client.get(reverse("privacy:request", args=[made.number])))
        assert "法律要求保存" in page and "privacy@anxin.example" in page


class TestSee:
    def test_what_is_held_is_told_by_purpose_with_its_rule(self):
        buyer = a_buyer()
        an_order(subject_id=buyer.subject_id)
        page = text(buyer.client.get("/privacy/see/"))
        assert "把你买的东西送到" in page and "/rules/cn.trade.retention/" in page
        assert "the seller" not in page

    def test_who_looked_is_listed_without_a_name(self):
        buyer, member = a_buyer(), a_member(a_merchant())
        access_record.record(
            actor=member.actor,
            subject_id=buyer.subject_id,
            purpose="orders.fulfilment",
            fields=["orders.Order.recipient"],
            at=AT,
        )
        page = text(buyer.client.get("/privacy/looked/"))
        assert '<th scope="row">' in page and str(member.subject_id) not in page
        assert '<th scope="row">' not in text(a_buyer().client.get("/privacy/looked/"))

"""Reporting a violation: over HTTP to the code and the answer, what is joined, what is refused."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.staff import Role
from catalog.models import Listing
from deadlines.models import Deadline
from kernel.errors import NotFound
from notifications.models import Letter
from outbox import relay
from oversight import places, reporting
from oversight.models import Matter, Report
from oversight.web import holding
from privacy.models import AccessRecord, StoredFile
from tests.builders.people import a_buyer, a_member, a_staff, a_visitor
from tests.builders.shops import a_listing
from tests.builders.violations import QUESTION, REASONS, RULE, WORDS, a_report, ruled
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(at):
    cache.clear()
    at(NOW)


def sent(listing=None, **changes):
    address = f"/p/{listing.pk}/" if listing else ""
    facts = {"kind": "false_ads", "address": address, "words": WORDS, "about": "", "email": ""}
    return {**facts, "idempotency_key": f"form-{changes.pop('key', '00000001')}", **changes}


def code_on(client):
    """As the page after sending shows it."""
    page = client.get("/reports/sent/").content.decode()
    return page.partition("<code>")[2].partition("</code>")[0]


class TestJourney:
    def test_a_visitor_reports_and_follows_the_code_from_another_browser_to_the_answer(self):
        listing, visitor = a_listing(), a_visitor().client
        owner = a_member(listing.merchant)
        assert f"/reports/new/?listing={listing.pk}" in visitor.get(f"/p/{listing.pk}/").content.decode()
        assert f"/p/{listing.pk}/" in visitor.get(f"/reports/new/?listing={listing.pk}").content.decode()
        told = sent(listing, about="A7M3Q9XK2PB", email="tell@example.com", uploads=a_jpeg_upload("page.jpg"))
        answer = visitor.post("/reports/new/", told)
        assert (answer.status_code, answer["Location"]) == (303, "/reports/sent/")
        code, held = code_on(visitor), Report.objects.get()
        assert len(code) == 19 and code.replace("-", "") not in answer["Location"]
        assert (held.words, held.about, held.contact) == (WORDS, "A7M3Q9XK2PB", "tell@example.com")
        assert (held.named, held.matter.listing_id, held.files.count()) == (False, listing.pk, 1)
        due = Deadline.objects.get(kind="oversight.decision", reference=held.matter_id)
        assert due.due_at == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)
        assert Listing.objects.get(pk=listing.pk).state == "live"
        self.asked_answered_decided(held.matter, owner)
        other = a_visitor().client
        page = other.post("/reports/track/", {"code": code.lower().replace("-", " ")}).content.decode()
        assert REASONS in page and "商家已经改正" in page and WORDS not in page
        assert "tell@example.com" not in page and str(held.subject_id) not in page
        relay.drain_all()
        letter = Letter.objects.get(kind="oversight.report_closed")
        assert (letter.subject_id, letter.params["reason"]) == (held.subject_id, REASONS)
        assert other.post("/reports/forgetting/").status_code == 303
        assert REASONS not in other.get("/reports/track/").content.decode()

    def asked_answered_decided(self, matter, owner):
        desk = a_staff(Role.CATALOGUE_DESK).client
        page = f"/admin/oversight/matter/{matter.pk}"
        assert WORDS not in desk.get(f"{page}/change/").content.decode()
        assert desk.post(f"{page}/question", {"question": QUESTION}).status_code == 302
        self.heard(matter, owner)
        opened = desk.post(f"{page}/reports", {"why": "先看举报内容"}).content.decode()
        assert WORDS in opened and "已经改了" in opened
        assert AccessRecord.objects.filter(purpose="oversight.matter").count() == 2
        ruling = {"outcome": "corrected", "reasons": REASONS, "rule_id": RULE}
        assert desk.post(f"{page}/ruling", ruling).status_code == 302
        matter.refresh_from_db()
        assert (matter.state, matter.decided_at) == ("corrected", NOW)

    def heard(self, matter, owner):
        shop = f"/merchant/{matter.merchant.slug}/oversight/"
        page = owner.client.get(f"{shop}{matter.number}/").content.decode()
        assert QUESTION in page and WORDS not in page and "tell@example.com" not in page
        assert matter.number in owner.client.get(shop).content.decode()
        assert owner.client.post(f"{shop}{matter.number}/", {"text": "已经改了。"}).status_code == 303
        matter.refresh_from_db()
        assert (matter.state, matter.answer) == ("answered", "已经改了。")

    def test_a_person_who_gives_their_name_finds_it_without_a_code(self):
        listing, person = a_listing(), a_buyer()
        answer = person.client.post("/reports/new/", sent(listing, who="named"))
        assert answer.status_code == 303
        held = Report.objects.get()
        assert (held.named, held.subject_id) == (True, person.subject_id)
        person.client.post("/reports/forgetting/")
        assert held.matter.number in person.client.get("/reports/track/").content.decode()
        assert held.matter.number not in a_buyer().client.get("/reports/track/").content.decode()

    def test_signed_in_and_anonymous_leads_to_no_account(self):
        listing, person = a_listing(), a_buyer()
        person.client.post("/reports/new/", sent(listing, who="anonymous"))
        held = Report.objects.get()
        assert held.named is False and held.subject_id != person.subject_id
        person.client.post("/reports/forgetting/")
        assert held.matter.number not in person.client.get("/reports/track/").content.decode()

    def test_the_same_form_twice_is_one_report_with_one_code(self):
        listing, visitor = a_listing(), a_visitor().client
        first = visitor.post("/reports/new/", sent(listing))
        code = code_on(visitor)
        again = visitor.post("/reports/new/", sent(listing))
        assert (first.status_code, again.status_code) == (303, 303)
        assert (code_on(visitor), Report.objects.count()) == (code, 1)

    @pytest.mark.parametrize(
        ("language", "words"), [("en", "Report a violation"), ("zh-hant", "檢舉違法行為")]
    )
    def test_in_the_other_languages(self, language, words):
        visitor, said = a_visitor().client, {"accept-language": language}
        assert words in visitor.get("/reports/new/", headers=said).content.decode()
        assert visitor.get("/reports/", headers=said).status_code == 200

    def test_the_old_form_leads_to_the_new_one(self):
        listing = a_listing()
        answer = a_visitor().client.get(f"/p/{listing.pk}/report/")
        assert (answer.status_code, answer["Location"]) == (303, f"/reports/new/?listing={listing.pk}")


class TestJoining:
    def test_many_reports_of_one_thing_are_one_matter(self):
        listing = a_listing()
        made = [a_report(listing) for _ in range(3)]
        assert {each.matter_id for each in made} == {Matter.objects.get().pk}
        assert Matter.objects.get().reports.count() == 3
        assert Listing.objects.get(pk=listing.pk).state == "live"

    def test_another_kind_or_place_is_another_matter(self):
        listing = a_listing()
        a_report(listing)
        a_report(listing, kind="unsafe")
        a_report(place=places.of_shop(listing.merchant.slug))
        a_report(place=places.of_address("/help"))
        assert Matter.objects.count() == 4

    def test_what_names_no_page_is_never_joined(self):
        a_report()
        a_report()
        assert Matter.objects.count() == 2

    def test_after_the_answer_it_is_a_new_matter(self):
        listing = a_listing()
        first = a_report(listing)
        ruled(first.matter, "no_violation", rule_id="")
        assert a_report(listing).matter_id != first.matter_id

    def test_a_crowded_network_still_tells_what_nobody_told(self):
        listing, other = a_listing(), a_listing()
        a_report(listing, crowded=True)
        a_report(other, crowded=True)
        with pytest.raises(reporting.EnoughReports) as refused:
            a_report(listing, crowded=True)
        assert Matter.objects.get(listing=listing).number in str(refused.value)
        assert Report.objects.count() == 2

    def test_danger_has_a_day(self):
        held = a_report(a_listing(), kind="unsafe", at=NOW)
        due = Deadline.objects.get(kind="oversight.decision", reference=held.matter_id)
        assert (held.matter.urgent, due.due_at) == (True, datetime(2026, 11, 24, 3, 0, tzinfo=UTC))


class TestRefusals:
    @pytest.mark.parametrize(
        "bad",
        [
            {"words": ""},
            {"words": "坏"},
            {"words": "\x00" * 12},
            {"words": "长" * 4001},
            {"kind": "envy"},
            {"kind": ""},
            {"address": "/nowhere/at/all"},
            {"address": "https://[x"},
            {"address": "/admin/"},
            {"address": "/orders/A7M3Q9XK2PB/"},
            {"address": "/p/00000000000000000000000000000000/"},
            {"email": "no address"},
            {"uploads": a_jpeg_upload("page.exe")},
        ],
    )
    def test_a_form_that_can_t_be_taken_keeps_nothing(self, bad):
        answer = a_visitor().client.post("/reports/new/", sent(a_listing(), **bad))
        assert answer.status_code == 422
        assert not Report.objects.exists() and not Matter.objects.exists()
        assert not StoredFile.objects.filter(purpose=reporting.PURPOSE).exists()

    def test_too_many_files(self):
        files = [a_jpeg_upload(f"{n}.jpg") for n in range(6)]
        answer = a_visitor().client.post("/reports/new/", sent(a_listing(), uploads=files))
        assert answer.status_code == 422
        assert not StoredFile.objects.filter(purpose=reporting.PURPOSE).exists()

    def test_without_the_form_s_key(self):
        told = sent(a_listing())
        del told["idempotency_key"]
        assert a_visitor().client.post("/reports/new/", told).status_code == 422
        assert not Report.objects.exists()

    def test_the_same_thing_twice_under_a_name(self):
        listing, person = a_listing(), a_buyer()
        a_report(listing, person=person.subject_id)
        with pytest.raises(reporting.ReportedAlready):
            a_report(listing, person=person.subject_id)
        assert Report.objects.count() == 1

    def test_many_open_ones_never_block_what_is_new(self, monkeypatch):
        person, told_before, new = a_buyer(), a_listing(), a_listing()
        a_report(told_before)
        a_report(a_listing(), person=person.subject_id)
        asked = reporting.policies.number
        one = {"oversight.reports_open": 1}
        monkeypatch.setattr(reporting.policies, "number", lambda name, at: one.get(name) or asked(name, at))
        with pytest.raises(reporting.TooManyReports):
            a_report(told_before, person=person.subject_id)
        a_report(new, person=person.subject_id)

    def test_a_name_needs_an_account(self):
        with pytest.raises(NotFound):
            a_report(a_listing(), named=True)

    def test_codes_are_guessed_ten_times_at_most(self):
        held, guesser = a_report(a_listing()), a_visitor().client
        tries = [guesser.post("/reports/track/", {"code": f"{n:016d}"}).status_code for n in range(11)]
        assert tries == [422] * 10 + [429]
        assert guesser.post("/reports/track/", {"code": held.code}).status_code == 429

    @pytest.mark.parametrize("forged", ["", "x", "x:y:z"])
    def test_a_forged_cookie_shows_nothing(self, forged):
        client, held = Client(), a_report(a_listing())
        client.cookies[holding.COOKIE] = forged
        assert held.matter.number not in client.get("/reports/track/").content.decode()
        assert client.get("/reports/sent/").status_code == 303
